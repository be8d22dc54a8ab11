/** The demo programme that tests share: made once for a run, before its files (test/sequencer.ts), in a database that each of them clones. */
import pg from 'pg';
import { openOwner } from '../api/database.ts';
import { seedNew } from '../api/seed.ts';

/** The day up to which it reaches; fixed, so that figures can be. */
export const DEMO_AS_OF = '2026-03-01';

/** A run's server and the prefix of its databases' names. */
export interface TestServer {
  server_url: string;
  prefix: string;
}

/** @returns once the demo is there, whoever made it */
export async function makeDemo({ server_url, prefix }: TestServer): Promise<void> {
  await inTurn({ server_url, prefix }, 'demo', async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [`${prefix}_demo`]);
    if (found.rowCount) return;
    await client.query(`drop database if exists ${prefix}_making`);
    await client.query(`create database ${prefix}_making template ${prefix}_template`);
    const owner = openOwner(databaseUrl(server_url, `${prefix}_making`));
    try {
      await seedNew(owner, { demo: true, as_of_on: DEMO_AS_OF });
    } finally {
      await owner.destroy();
    }
    await client.query(`alter database ${prefix}_making rename to ${prefix}_demo`);
  });
}

/** Of the processes of a run, one does it and the others wait. */
export async function inTurn(
  { server_url, prefix }: TestServer,
  what: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: server_url });
  // The run may end, and its server with it, before the work does.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`${prefix} ${what}`]);
    await work(client);
  } finally {
    await client.end();
  }
}

export function databaseUrl(server_url: string, name: string): string {
  const url = new URL(server_url);
  url.pathname = `/${name}`;
  return url.href;
}
