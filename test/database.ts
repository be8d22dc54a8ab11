/** A database for one test file: a clone of the migrated template, with the product's own logins. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { type Config, readConfig } from '../api/config.ts';
import { openOwner, openPools } from '../api/database.ts';
import type { DB } from '../api/schema.ts';
import { findLogins } from '../api/storage/logins.ts';
import { makeDemo, inTurn as oneByOne, type TestServer, databaseUrl as urlOf } from './demo.ts';

export { DEMO_AS_OF } from './demo.ts';

/** How long a file waits for the demo: the first that asks makes it, beside whatever else the machine does. */
export const DEMO_MS = 240_000;

/** Tests ask faster than people; those of the limits say their own. */
const UNLIMITED = { LIMIT_ADDRESS: '0', LIMIT_USER: '0', LIMIT_TOKEN: '0' };

/** Receivers of the tests are on this machine. */
const OUTWARD = { SECRET_KEY: 'a key that only the tests know, 2026', PRIVATE_WEBHOOKS: '1' };

export interface TestDatabase {
  /** As the app login. */
  db: Kysely<DB>;
  pool: pg.Pool;
  /** As the report login. */
  report: pg.Pool;
  /** As the owner. */
  owner: Kysely<DB>;
  /** Names this database as DATABASE_URL. */
  config: Config;
  /** Ends the connections and drops the database. */
  close(): Promise<void>;
}

/** @param options.demo Start from the demo programme instead of an empty one. */
export async function testDatabase(options: { demo?: boolean } = {}): Promise<TestDatabase> {
  const prefix = inject('prefix');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  if (options.demo) await makeDemo(here());
  await order(`create database ${name} template ${prefix}_${options.demo ? 'demo' : 'template'}`);
  const owner_url = databaseUrl(name);
  const logins = findLogins({ owner_url });
  const pools = openPools(logins);
  const owner = openOwner(owner_url);
  return {
    db: pools.db,
    pool: pools.pool,
    report: pools.report,
    owner,
    config: readConfig({ DATABASE_URL: owner_url, LOG_LEVEL: 'silent', PORT: '0', ...UNLIMITED, ...OUTWARD }),
    close: async () => {
      await Promise.all([pools.close(), owner.destroy()]);
      await order(`drop database ${name} with (force)`);
    },
  };
}

/** A database without anything in it, for tests of the installation itself. */
export async function emptyDatabase(): Promise<{ owner_url: string; drop(): Promise<void> }> {
  const name = `${inject('prefix')}_${randomBytes(6).toString('hex')}`;
  await order(`create database ${name}`);
  return { owner_url: databaseUrl(name), drop: () => order(`drop database ${name} with (force)`) };
}

/** Of the files that run at once, one does it and the others wait. */
export async function inTurn(what: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  await oneByOne(here(), what, work);
}

function here(): TestServer {
  return { server_url: inject('server_url'), prefix: inject('prefix') };
}

function databaseUrl(name: string): string {
  return urlOf(inject('server_url'), name);
}

async function order(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('server_url') });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
