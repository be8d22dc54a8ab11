/**
 * `pnpm migrate`: brings the database up to date. In a checkout with the embedded database it also writes
 * sql/schema.sql and api/schema.ts, from a database made for the purpose.
 */
import { relative } from 'node:path';
import { readConfig } from '../config.ts';
import { openDatabases, openOwner } from '../database.ts';
import { migrate } from '../migrate.ts';
import { openLog } from '../start/log.ts';
import { findLogins } from '../storage/logins.ts';
import { writeSchema } from '../storage/schema-dump.ts';
import { startThrowaway } from '../storage/throwaway.ts';

export async function run(): Promise<void> {
  const config = { ...readConfig(process.env), no_migrate: false };
  if (!config.database_url) await describe();
  const databases = await openDatabases(config, openLog(config));
  await databases.close();
}

async function describe(): Promise<void> {
  const server = await startThrowaway();
  try {
    const owner_url = server.url('postgres');
    const owner = openOwner(owner_url);
    try {
      await migrate(owner, { logins: findLogins({ owner_url }) });
      for (const path of await writeSchema(owner)) console.log(`Wrote ${relative(process.cwd(), path)}`);
    } finally {
      await owner.destroy();
    }
  } finally {
    await server.stop();
  }
}
