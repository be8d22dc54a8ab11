/** Opens the database: the embedded server or DATABASE_URL, brought up to date, as pools of the app and report logins. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Config, StartError } from './config.ts';
import { checkInstalled, migrate } from './migrate.ts';
import type { DB } from './schema.ts';
import { seedNew } from './seed.ts';
import { driverTypes } from './storage/driver-types.ts';
import { startCluster } from './storage/embedded.ts';
import { checkLogins, findLogins, type Logins } from './storage/logins.ts';
import { checkRights } from './storage/rights.ts';

export interface Databases {
  db: Kysely<DB>;
  /** The pool under `db`: the app login. */
  pool: pg.Pool;
  /** The report login, read-only. */
  report: pg.Pool;
  owner_url: string;
  /** Ends the connections and, when this process runs it, the embedded server. */
  close(): Promise<void>;
}

const MINIMUM = 150_000;
/** The database inside the embedded server. */
const EMBEDDED_DATABASE = 'evergreen';

/** @throws StartError with one sentence when the database cannot be used. */
export async function openDatabases(config: Config, log: Logger): Promise<Databases> {
  const say = (line: string) => log.info(line);
  const cluster = config.database_url ? null : await startCluster({ data_dir: config.data_dir, say });
  try {
    const owner_url = config.database_url ?? (await embeddedDatabase(cluster!.url));
    const logins = findLogins({ ...config, owner_url });
    const owner = openOwner(owner_url);
    try {
      await checkServer(owner, owner_url);
      const release = { logins, say };
      const installed = await (config.no_migrate ? checkInstalled(owner, release) : migrate(owner, release));
      if (installed.newer) {
        log.warn(`The views of this database are of a newer release, ${installed.newer}; they are left as they are.`);
      }
      if (!config.no_migrate) await seedNew(owner, { demo: config.demo, say });
      await checkLogins(owner, logins, { mend: !config.no_migrate });
      for (const line of await checkRights(owner, logins)) log.warn(line);
    } finally {
      await owner.destroy();
    }
    const pools = openPools(logins);
    return {
      ...pools,
      owner_url,
      close: async () => {
        await pools.close();
        await cluster?.stop();
      },
    };
  } catch (error) {
    await cluster?.stop();
    throw error;
  }
}

/** The pools over a database that is up to date. */
export function openPools(logins: Logins, { size = 4 } = {}): Omit<Databases, 'owner_url'> {
  const pool = openPool(logins.app.url, { max: size, application_name: 'evergreen' });
  const report = openPool(logins.report.url, {
    max: size,
    application_name: 'evergreen reports',
    options: '-c TimeZone=UTC -c default_transaction_read_only=on',
  });
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    pool,
    report,
    close: async () => {
      await Promise.all([db.destroy(), report.end()]);
    },
  };
}

/** Kysely as the owner, for migrations, seeds and tests. */
export function openOwner(owner_url: string): Kysely<DB> {
  const pool = openPool(owner_url, { max: 2, application_name: 'evergreen installer' });
  return new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Runs a read again once for each connection whose prepared statement a rebuild made stale ("cached plan must not
 * change result type"): that connection is thrown away with its statements. Not for use inside a transaction.
 */
export async function queryPrepared<R extends pg.QueryResultRow>(
  pool: pg.Pool,
  query: pg.QueryConfig,
): Promise<pg.QueryResult<R>> {
  const STALE = '0A000';
  for (;;) {
    const client = await pool.connect();
    try {
      const result = await client.query<R>(query);
      client.release();
      return result;
    } catch (error) {
      const stale =
        query.name !== undefined && (error as { code?: string }).code === STALE && wasPrepared(client, query);
      client.release(stale || isBroken(error));
      if (!stale) throw error;
    }
  }
}

/** A connection on which the statement was not prepared before cannot be stale: its 0A000 is a real "not supported". */
function wasPrepared(client: pg.PoolClient, query: pg.QueryConfig): boolean {
  const { connection } = client as unknown as { connection?: { parsedStatements?: { [name: string]: string } } };
  return query.name !== undefined && connection?.parsedStatements?.[query.name] !== undefined;
}

function isBroken(error: unknown): boolean {
  return !(error as { code?: string }).code || /^(57P|08)/.test((error as { code?: string }).code ?? '');
}

function openPool(url: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types: driverTypes,
    options: '-c TimeZone=UTC',
    idleTimeoutMillis: 60_000,
    ...options,
  });
  // A server that goes away tells every connection, those in the pool and those that are lent; without a listener the
  // process would end. Who uses one is told by its query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

export async function embeddedDatabase(url: (database: string) => string): Promise<string> {
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  try {
    await client.query(`create database ${EMBEDDED_DATABASE}`);
  } catch (error) {
    const DUPLICATE = ['42P04', '23505'];
    if (!DUPLICATE.includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
  return url(EMBEDDED_DATABASE);
}

async function checkServer(owner: Kysely<DB>, owner_url: string): Promise<void> {
  const { hostname, port, pathname } = new URL(owner_url);
  const where = `${hostname}:${port || 5432}${pathname}`;
  let version: { number: number; text: string } | undefined;
  try {
    const answer = await sql<{ number: number; text: string }>`
      select current_setting('server_version_num')::int as number, current_setting('server_version') as text
    `.execute(owner);
    version = answer.rows[0];
  } catch (error) {
    throw new StartError(
      `The database of DATABASE_URL (${where}) cannot be reached: ${(error as Error).message || (error as { code?: string }).code}.`,
    );
  }
  if (!version || version.number < MINIMUM) {
    throw new StartError(`The server of DATABASE_URL is PostgreSQL ${version?.text}: version 15 or newer is needed.`);
  }
}
