/**
 * One PostgreSQL for the run: a throwaway embedded cluster in its own folder, or the server of TEST_DATABASE_URL.
 * TEST_POSTGRES_BIN names the folder of another version's programs for the throwaway cluster.
 * A template database is migrated once; every test file gets a clone of it (test/database.ts).
 */
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openOwner } from '../api/database.ts';
import { migrate } from '../api/migrate.ts';
import { findLogins } from '../api/storage/logins.ts';
import { startThrowaway } from '../api/storage/throwaway.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's address of a database to give orders from (create, drop). */
    server_url: string;
    /** Prefix of the names of the databases of this run. */
    prefix: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `evergreen_test_${process.pid}_${Date.now().toString(36)}`;
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? null : await startThrowaway(process.env.TEST_POSTGRES_BIN);
  const server_url = given ?? server!.url('postgres');
  project.provide('server_url', server_url);
  project.provide('prefix', prefix);
  try {
    await makeTemplate(server_url, `${prefix}_template`);
  } catch (error) {
    await server?.stop();
    throw error;
  }
  return async () => {
    if (given) await dropDatabases(server_url, prefix);
    await server?.stop();
  };
}

async function makeTemplate(server_url: string, name: string): Promise<void> {
  await order(server_url, `create database ${name}`);
  const url = new URL(server_url);
  url.pathname = `/${name}`;
  const owner = openOwner(url.href);
  try {
    await migrate(owner, { logins: findLogins({ owner_url: url.href }) });
  } finally {
    await owner.destroy();
  }
}

async function dropDatabases(server_url: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: server_url });
  await client.connect();
  const found = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of found.rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.end();
}

async function order(server_url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: server_url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
