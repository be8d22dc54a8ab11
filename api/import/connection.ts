/** A connection of its own for one import or export: its transaction may last, and must not take one of the few that answer people. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Deps } from '../context.ts';
import type { DB } from '../schema.ts';

export interface ImportConnection {
  /** For COPY. */
  client: pg.Client;
  /** Everything else, in the same session and transaction. */
  trx: Kysely<DB>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** To be awaited before anybody else is to find the locks free. */
  rollback(): Promise<void>;
  /** Asks the server to give up the statement under way. By the protocol, for which no right is needed; may come too late. */
  cancel(): void;
  /** Ends the connection; what was not committed never was. */
  close(): Promise<void>;
}

/** As the app login. */
export async function openImportConnection(
  { pool }: Pick<Deps, 'pool'>,
  application_name = 'evergreen import',
): Promise<ImportConnection> {
  const client = new pg.Client({
    ...pool.options,
    password: pool.options.password,
    application_name,
  });
  // A broken connection rejects the query under way; without a listener the event would end the process.
  client.on('error', () => {});
  await client.connect();
  const lent = Object.assign(client, { release() {} }) as unknown as pg.PoolClient;
  const single = { connect: async () => lent, end: async () => {} };
  const trx = new Kysely<DB>({ dialect: new PostgresDialect({ pool: single as unknown as pg.Pool }) });
  return {
    client,
    trx,
    begin: async () => {
      await client.query('begin');
      await client.query('set local statement_timeout = 0');
      await client.query("set local idle_in_transaction_session_timeout = '1h'");
      // Sorting half a million lines in memory instead of on disk.
      await client.query("set local work_mem = '96MB'");
    },
    commit: async () => {
      await client.query('commit');
    },
    rollback: async () => {
      await client.query('rollback');
    },
    cancel: () => cancelStatement(client, pool.options),
    close: () => client.end(),
  };
}

/** What pg has for it but its types do not mention. */
interface Cancelling {
  processID: number;
  secretKey: number;
  host: string;
  port: number;
  connection: {
    connect(port: number | string, host?: string): void;
    cancel(processID: number, secretKey: number): void;
    on(event: 'error' | 'connect', listener: () => void): void;
  };
}

function cancelStatement(client: pg.Client, options: pg.ClientConfig): void {
  const { processID, secretKey } = client as unknown as Cancelling;
  const { host, port, connection } = new pg.Client(options) as unknown as Cancelling;
  connection.on('error', () => {});
  connection.on('connect', () => connection.cancel(processID, secretKey));
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
}
