/** The stage: a kept database with its customers, our server and the thin one over it, somebody signed in. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { openOwner } from '../../api/database.ts';
import type { DB } from '../../api/schema.ts';
import { openSession, SESSION_COOKIE } from '../../api/sign-in/sessions.ts';
import { startCluster } from '../../api/storage/embedded.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { BOOKS } from './books.ts';
import { answering, freePort, pinLoad, type Started, startPinned } from './machine.ts';

/** Requests are counted as in production, but nobody is refused. */
const UNREACHED = '90000000/90000000';

const ROOT = join(import.meta.dirname, '..', '..');
const EMAIL = 'bench@evergreen.example';

export interface Size {
  customers: number;
  orders: number;
}
export interface Setting {
  owner: Kysely<DB>;
  owner_url: string;
  app_url: string;
  report_url: string;
  data_dir: string;
  port: number;
  thin_port: number;
  /** Of an administrator who sees personal data: nothing is masked, as nothing is in thin. */
  cookie: string;
  /** Columns of the table itself, without what the view adds. */
  stored: readonly string[];
  postgres_pid: number;
  server: Started;
  thin: Started;
  close(): Promise<void>;
}

/**
 * @param options.customers how many the database holds; another number makes another database, each is kept
 * @param options.profile have our server write where its time went, for a browser's profiler, beside the database
 */
export async function openSetting({
  customers,
  orders,
  profile = false,
}: Size & { profile?: boolean }): Promise<Setting> {
  const data_dir = keptFolder(`${customers}-${orders}`);
  const cluster = await startCluster({ data_dir, say: console.log });
  const closing: (() => Promise<void>)[] = [cluster.stop];
  const close = async () => {
    for (const each of closing.reverse()) await each();
  };
  try {
    const owner_url = await databaseOf(cluster.url);
    const env = envOf(owner_url, data_dir);
    const owner = openOwner(owner_url);
    closing.push(() => owner.destroy());
    await fill(owner, env, { customers, orders });

    const [port, thin_port] = [await freePort(), await freePort()];
    pinLoad();
    const server = startPinned(
      [
        '--max-semi-space-size=8',
        '--heap-growing-percent=100',
        ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${data_dir}`] : []),
        join(import.meta.dirname, 'ours.ts'),
      ],
      { ...env, PORT: String(port) },
    );
    closing.push(server.stop);
    await answering(`http://127.0.0.1:${port}/api/auth/state`, server);
    const cookie = await signedInCookie(owner);
    const logins = findLogins({ owner_url });
    const { shown, stored } = await columnsShown(port, cookie, owner);
    const thin = startPinned([join(import.meta.dirname, 'thin.ts')], {
      DATABASE_URL: logins.app.url,
      PORT: String(thin_port),
      SHOWN_COLUMNS: shown.join(', '),
      STORED_COLUMNS: stored.join(', '),
    });
    closing.push(thin.stop);
    await answering(`http://127.0.0.1:${thin_port}/customers/1`, thin);
    return {
      owner,
      owner_url,
      app_url: logins.app.url,
      report_url: logins.report.url,
      data_dir,
      port,
      thin_port,
      cookie,
      stored,
      postgres_pid: cluster.pid(),
      server,
      thin,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Another database of the same server, kept too. @returns its address */
export async function databaseBeside({ owner_url, data_dir }: Setting, size: Size): Promise<string> {
  const name = `beside_${size.customers}_${size.orders}`;
  const at = (database: string) => Object.assign(new URL(owner_url), { pathname: `/${database}` }).href;
  const url = await databaseOf(at, name);
  const owner = openOwner(url);
  try {
    await fill(owner, envOf(url, data_dir), size);
  } finally {
    await owner.destroy();
  }
  return url;
}

function envOf(owner_url: string, data_dir: string) {
  return {
    DATABASE_URL: owner_url,
    DATA_DIR: data_dir,
    DEMO: '0',
    JOBS: '0',
    LOG_LEVEL: 'warn',
    LIMIT_USER: UNREACHED,
    LIMIT_COLLECT: UNREACHED,
  };
}

async function fill(owner: Kysely<DB>, env: { [name: string]: string }, { customers, orders }: Size): Promise<void> {
  command(['migrate'], env);
  if ((await countCustomers(owner)) < customers)
    command(['seed', '--customers', String(customers), '--orders', String(orders)], env);
  await tidy(owner);
}

/** One per size and content of sql/: what an older checkout made is removed. */
function keptFolder(size: string): string {
  const all = join(ROOT, '.data', 'bench');
  const hash = createHash('sha256');
  for (const folder of ['migrations', 'demo']) {
    for (const file of readdirSync(join(ROOT, 'sql', folder)).sort())
      hash.update(readFileSync(join(ROOT, 'sql', folder, file)));
  }
  const name = `${size}-${hash.digest('hex').slice(0, 8)}`;
  mkdirSync(join(all, name), { recursive: true });
  for (const other of readdirSync(all)) {
    if (other.startsWith(`${size}-`) && other !== name) rmSync(join(all, other), { recursive: true, force: true });
  }
  return join(all, name);
}

async function databaseOf(url: (database: string) => string, name = 'evergreen'): Promise<string> {
  const maintenance = openOwner(url('postgres'));
  try {
    const { rows } = await sql`select 1 from pg_database where datname = ${name}`.execute(maintenance);
    if (rows.length === 0) await sql`create database ${sql.id(name)}`.execute(maintenance);
  } finally {
    await maintenance.destroy();
  }
  return url(name);
}

function command(args: string[], env: { [name: string]: string }): void {
  const answer = spawnSync(process.execPath, [join(ROOT, 'api', 'command.ts'), ...args], {
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (answer.status !== 0) throw new Error(`${args.join(' ')} failed`);
}

async function countCustomers(owner: Kysely<DB>): Promise<number> {
  const { count } = await owner
    .selectFrom('app.customers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** What an earlier run left is removed, and the planner knows the tables as they are. */
async function tidy(owner: Kysely<DB>): Promise<void> {
  // The seed leaves the books empty, and so does every part.
  for (const table of BOOKS) await sql`truncate ${sql.id('app', table)}`.execute(owner);
  const guests = owner.selectFrom('app.customers').select('id').where('external_id', 'like', 'bench-%');
  await owner.deleteFrom('app.fact_keys').where('external_id', 'like', 'bench-%').execute();
  await sql`
    select ops.mark_dirty('orders', array(select distinct placed_on from app.orders where external_id like 'bench-%'))
  `.execute(owner);
  await owner.deleteFrom('app.orders').where('external_id', 'like', 'bench-%').execute();
  for (const table of ['app.segment_memberships', 'app.customer_day'] as const) {
    await owner.deleteFrom(table).where('customer_id', 'in', guests).execute();
  }
  await owner.deleteFrom('app.customers').where('external_id', 'like', 'bench-%').execute();
  await sql`vacuum (analyze) app.customers, app.orders, app.order_lines, app.fact_keys`.execute(owner);
}

async function signedInCookie(owner: Kysely<DB>): Promise<string> {
  const password_hash = 'nobody signs in with this';
  const { id } = await owner
    .insertInto('app.users')
    .values({ email: EMAIL, name: 'Bench', roles: ['administrator'], pii: true, password_hash, lang: 'en' })
    .onConflict((conflict) => conflict.column('email').doUpdateSet({ status: 'active' }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return `${SESSION_COOKIE}=${await openSession(owner, { user_id: id, password_hash, user_agent: null, ip: null })}`;
}

/** The columns of a row of ours, so that thin answers with the same ones, and which of them are in the table itself. */
async function columnsShown(
  port: number,
  cookie: string,
  owner: Kysely<DB>,
): Promise<{ shown: string[]; stored: string[] }> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/customers?_start=0&_end=1`, { headers: { cookie } });
  if (!answer.ok) throw new Error(await answer.text());
  const shown = Object.keys(((await answer.json()) as [object])[0]);
  const row = await owner.selectFrom('app.customers').selectAll().limit(1).executeTakeFirstOrThrow();
  return { shown, stored: shown.filter((name) => name in row) };
}
