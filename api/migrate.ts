/**
 * Brings a database to the state of this release: migrations once and in order, then the rebuilt schemas when their
 * files changed. Safe with any number of processes starting together.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { StartError } from './config.ts';
import type { DB } from './schema.ts';
import { type Logins, makeLogins } from './storage/logins.ts';
import { type MigrationState, PACKAGE_VERSION, type Release, readState } from './storage/migration-state.ts';
import { dropOld, rebuild, rebuildHash, runFile } from './storage/rebuild.ts';
import { type Migration, readMigrations, readSql } from './storage/sql-files.ts';

/** One installer at a time per database. */
const LOCK = 4_203_774_193;
const LOCK_LIMIT_MS = 10 * 60_000;
/** A migration waits this long for a table, then lets the others pass and tries again. */
const TABLE_WAIT_MS = 3_000;
const TABLE_TRIES = 40;

export interface MigrateOptions extends Release {
  say?: (line: string) => void;
  /** Stop after this migration, without views and routines: the state that a backup fits. */
  upto?: number;
}

export interface Installed {
  migrated: number[];
  rebuilt: boolean;
  /** Set when the views belong to a newer release and were left alone. */
  newer: string | null;
}

/**
 * @param owner Kysely over connections of the owner.
 * @throws StartError when the database is newer than this release or a migration was edited after it ran; SqlFileError.
 */
export async function migrate(owner: Kysely<DB>, options: MigrateOptions): Promise<Installed> {
  const before = await readState(owner, options);
  if (isCurrent(before)) return { migrated: [], rebuilt: false, newer: before.newer };
  return owner.connection().execute(async (db) => {
    await lock(db);
    try {
      return await install(db, options);
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(db);
    }
  });
}

/** For a process that must not migrate: whether the database fits. @throws StartError when it lacks something. */
export async function checkInstalled(owner: Kysely<DB>, release: Release): Promise<Installed> {
  const { installed, pending, newer } = await readState(owner, release, { newerIsFine: true });
  if (pending.length > 0) {
    const lacks = installed ? `migration ${pending.map((each) => each.name).join(', ')}` : 'every migration';
    throw new StartError(`The database lacks ${lacks} and NO_MIGRATE is set: run \`pnpm migrate\` first.`);
  }
  return { migrated: [], rebuilt: false, newer };
}

function isCurrent({ installed, pending, stale, leftover }: MigrationState): boolean {
  return installed && pending.length === 0 && !stale && !leftover;
}

/** Polls rather than waits: a waiting statement would hold a snapshot, which `create index concurrently` waits for. */
async function lock(db: Kysely<DB>): Promise<void> {
  const until = Date.now() + LOCK_LIMIT_MS;
  while (Date.now() < until) {
    const answer = await sql<{ got: boolean }>`select pg_try_advisory_lock(${LOCK}) as got`.execute(db);
    if (answer.rows[0]?.got) return;
    await sleep(50 + Math.random() * 50);
  }
  throw new StartError('Another process has been migrating the database for ten minutes: see what it waits for.');
}

async function install(db: Kysely<DB>, options: MigrateOptions): Promise<Installed> {
  const { logins, say = () => {}, upto = Number.POSITIVE_INFINITY } = options;
  await bootstrap(db, logins);
  await makeLogins(db, logins);
  const { pending, newer } = await readState(db, options);
  const wanted = pending.filter((each) => each.number <= upto);
  const migrated = wanted.map((each) => each.number);
  let rebuilt = await runMigrations(db, wanted, options);
  if (upto !== Number.POSITIVE_INFINITY) return { migrated, rebuilt, newer };

  if ((await readState(db, options)).stale) {
    say('Building views and routines …');
    await db.transaction().execute((trx) => rebuildAndRecord(trx, options));
    rebuilt = true;
  }
  const gone = await dropOld(db);
  if (!gone) say('The views of before are still being read; they are dropped at the next start.');
  return { migrated, rebuilt, newer };
}

async function bootstrap(db: Kysely<DB>, { owner }: Logins): Promise<void> {
  try {
    await db.transaction().execute((trx) => sql.raw(readSql('install/bootstrap.sql')).execute(trx));
  } catch (error) {
    const INSUFFICIENT_PRIVILEGE = '42501';
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new StartError(
      `The login ${owner.role} of DATABASE_URL may not make schemas in this database: make it the owner (alter database … owner to ${owner.role}).`,
    );
  }
}

/** @returns whether the schemas were rebuilt on the way. */
async function runMigrations(db: Kysely<DB>, wanted: Migration[], options: MigrateOptions): Promise<boolean> {
  const { say = () => {} } = options;
  for (const [index, migration] of wanted.entries()) {
    say(`Migration ${migration.name} …`);
    if (migration.outside) {
      await runOutside(db, migration);
      continue;
    }
    try {
      await patiently(() => db.transaction().execute((trx) => runInside(trx, migration)));
    } catch (error) {
      const DEPENDENT_OBJECTS = ['2BP01', '0A000'];
      if (!DEPENDENT_OBJECTS.includes((error as { code?: string }).code ?? '')) throw error;
      return runWithoutViews(db, wanted.slice(index), options);
    }
  }
  return false;
}

/**
 * A migration that alters what views read is refused while they exist. So they go first, and come back in the same
 * transaction with everything that is still to be done: nobody sees a database without them.
 */
async function runWithoutViews(db: Kysely<DB>, wanted: Migration[], options: MigrateOptions): Promise<boolean> {
  const outside = wanted.findIndex((each) => each.outside);
  const together = outside < 0 ? wanted : wanted.slice(0, outside);
  const last = outside < 0 && options.upto === undefined;
  await patiently(() =>
    db.transaction().execute(async (trx) => {
      await sql.raw(readSql('install/drop_schemas.sql')).execute(trx);
      for (const migration of together) await runInside(trx, migration);
      if (last) await rebuildAndRecord(trx, options);
    }),
  );
  // A file outside a transaction among them leaves the views away for as long as it takes.
  if (outside >= 0) return runMigrations(db, wanted.slice(outside), options);
  return last;
}

async function runInside(trx: Kysely<DB>, migration: Migration): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${TABLE_WAIT_MS}ms`}, true)`.execute(trx);
  await runFile(trx, migration);
  await note(trx, migration);
}

/** Statement by statement, each its own; run again from the top after a failure, so they must bear it. */
async function runOutside(db: Kysely<DB>, migration: Migration): Promise<void> {
  for (const text of migration.text.split(/;[ \t]*$/m)) {
    if (text.replace(/--.*$/gm, '').trim()) await runFile(db, { ...migration, text });
  }
  await note(db, migration);
}

async function rebuildAndRecord(trx: Parameters<typeof rebuild>[0], { logins, folder }: Release): Promise<void> {
  await rebuild(trx, logins, folder);
  const migration = readMigrations(folder).at(-1)?.number ?? 0;
  const row = { hash: rebuildHash(logins, folder), version: PACKAGE_VERSION, migration };
  await trx.insertInto('app.rebuilds').values(row).execute();
}

async function note(db: Kysely<DB>, { number, name, hash }: Migration): Promise<void> {
  await db.insertInto('app.migrations').values({ number, name, hash }).execute();
}

/** A change of a table waits for its readers, and everybody else waits behind it: so it waits briefly, and again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const [LOCK_NOT_AVAILABLE, DEADLOCK] = ['55P03', '40P01'];
      const { code } = error as { code?: string };
      if ((code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK) || tries === TABLE_TRIES) throw error;
    }
    await sleep(200 + Math.random() * 300);
  }
}
