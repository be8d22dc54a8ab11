/** A connection of its own for one import: its transaction may last, and must not take one of the few that answer people. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Deps } from './context.ts';
import type { DB } from './schema.ts';

export interface ImportConnection {
  /** For COPY. */
  client: pg.Client;
  /** Everything else, in the same session and transaction. */
  trx: Kysely<DB>;
  pid: number;
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** To be awaited before anybody else is to find the locks free. */
  rollback(): Promise<void>;
  /** Ends the connection; what was not committed never was. */
  close(): Promise<void>;
}

/** As the app login. */
export async function openImportConnection({ pool }: Pick<Deps, 'pool'>): Promise<ImportConnection> {
  const client = new pg.Client({
    ...pool.options,
    password: pool.options.password,
    application_name: 'evergreen import',
  });
  // A broken connection rejects the query under way; without a listener the event would end the process.
  client.on('error', () => {});
  await client.connect();
  const lent = Object.assign(client, { release() {} }) as unknown as pg.PoolClient;
  const single = { connect: async () => lent, end: async () => {} };
  const trx = new Kysely<DB>({ dialect: new PostgresDialect({ pool: single as unknown as pg.Pool }) });
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return {
    client,
    trx,
    pid: rows[0]!.pid,
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
    close: () => client.end(),
  };
}
