/**
 * One PostgreSQL for the run: a throwaway embedded cluster in its own folder, or the server of TEST_DATABASE_URL.
 * TEST_POSTGRES_BIN names the folder of another version's programs for the throwaway cluster.
 * A template database is migrated once; every test file gets a clone of it (test/database.ts).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openOwner } from '../api/database.ts';
import { startCluster } from '../api/embedded.ts';
import { findLogins } from '../api/logins.ts';
import { migrate } from '../api/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's address of a database to give orders from (create, drop). */
    server_url: string;
    /** Prefix of the names of the databases of this run. */
    prefix: string;
  }
}

const FOLDER = 'evergreen-test-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `evergreen_test_${process.pid}_${Date.now().toString(36)}`;
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: async () => {} } : await throwaway();
  project.provide('server_url', server.url);
  project.provide('prefix', prefix);
  try {
    await makeTemplate(server.url, `${prefix}_template`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return async () => {
    if (given) await dropDatabases(server.url, prefix);
    await server.stop();
  };
}

async function throwaway(): Promise<{ url: string; stop(): Promise<void> }> {
  await clearAbandoned();
  const data_dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const cluster = await startCluster({ data_dir, bin: process.env.TEST_POSTGRES_BIN, throwaway: true });
  return {
    url: cluster.url('postgres'),
    stop: async () => {
      await cluster.stop();
      rmSync(data_dir, { recursive: true, force: true });
    },
  };
}

/** Runs that were killed leave their folder and perhaps their server. */
async function clearAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length).split('-')[0]) : 0;
    if (!pid || isAlive(pid)) continue;
    const data_dir = join(tmpdir(), name);
    try {
      const postmaster = readFileSync(join(data_dir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
      const server = Number(postmaster.split('\n')[0]);
      if (readFileSync(`/proc/${server}/cmdline`, 'utf8').includes(data_dir)) process.kill(server, 'SIGINT');
    } catch {
      // No server is left.
    }
    rmSync(data_dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
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
