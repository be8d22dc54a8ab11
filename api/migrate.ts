/**
 * Brings a database to the state of this release: migrations once and in order, then the rebuilt schemas when their
 * files changed. Safe with any number of processes starting together, and an older release never rebuilds over a newer.
 *
 * Order of releases: the highest migration number, then the version in package.json.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { StartError } from './config.ts';
import { type Logins, makeLogins } from './logins.ts';
import { dropOld, rebuild, rebuildHash, runFile } from './rebuild.ts';
import type { DB } from './schema.ts';
import { type Migration, readMigrations, readSql } from './sql-files.ts';

export const PACKAGE_VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** One installer at a time per database. */
const LOCK = 4_203_774_193;
const LOCK_LIMIT_MS = 10 * 60_000;

export interface Installed {
  migrated: number[];
  rebuilt: boolean;
  /** Set when the database belongs to a newer release, whose views were left alone. */
  newer: string | null;
}

export interface MigrateOptions {
  logins: Logins;
  say?: (line: string) => void;
  /** Stop after this migration, without views and routines: the state that a backup fits. */
  upto?: number;
}

interface State {
  pending: Migration[];
  stale: boolean;
  newer: string | null;
  leftover: boolean;
}

/**
 * @param owner Kysely over connections of the owner.
 * @throws StartError when the database is newer than this release or a migration was edited after it ran; SqlFileError.
 */
export async function migrate(owner: Kysely<DB>, { logins, say = () => {}, upto }: MigrateOptions): Promise<Installed> {
  const before = upto === undefined ? await look(owner, logins) : null;
  if (isCurrent(before)) return { migrated: [], rebuilt: false, newer: before?.newer ?? null };
  return owner.connection().execute(async (db) => {
    await lock(db);
    try {
      return await install(db, { logins, say, upto });
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(db);
    }
  });
}

/** For a process that must not migrate: whether the database fits. @throws StartError when it lacks something. */
export async function checkInstalled(owner: Kysely<DB>, logins: Logins): Promise<Installed> {
  const state = await look(owner, logins, { newerIsFine: true });
  if (!state || state.pending.length > 0) {
    throw new StartError(
      `The database lacks ${state ? `migration ${state.pending.map((each) => each.name).join(', ')}` : 'every migration'} and NO_MIGRATE is set: run \`pnpm migrate\` first.`,
    );
  }
  return { migrated: [], rebuilt: false, newer: state.newer };
}

function isCurrent(state: State | null): boolean {
  return state !== null && state.pending.length === 0 && !state.stale && !state.leftover;
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

async function install(
  db: Kysely<DB>,
  { logins, say, upto }: Required<Omit<MigrateOptions, 'upto'>> & Pick<MigrateOptions, 'upto'>,
): Promise<Installed> {
  await db.transaction().execute((trx) => sql.raw(readSql('install/bootstrap.sql')).execute(trx));
  const state = await look(db, logins);
  if (!state) throw new Error('the bootstrap made no app.migrations');
  await makeLogins(db, logins);
  const wanted = state.pending.filter((each) => upto === undefined || each.number <= upto);
  for (const migration of wanted) {
    say(`Migration ${migration.name} …`);
    if (migration.outside) await runOutside(db, migration);
    else await runInside(db, migration, logins);
  }
  if (upto !== undefined) return { migrated: wanted.map((each) => each.number), rebuilt: false, newer: state.newer };
  const stale = (await look(db, logins))?.stale ?? true;
  if (stale) {
    say('Building views and routines …');
    await db.transaction().execute(async (trx) => {
      await rebuild(trx, logins);
      await record(trx, logins);
    });
  }
  const gone = await dropOld(db);
  if (!gone) say('The views of before are still being read; they are dropped at the next start.');
  return { migrated: wanted.map((each) => each.number), rebuilt: stale, newer: state.newer };
}

/**
 * A migration that alters what views read is refused while they exist; then they go first, and come back in the same
 * transaction, so that nobody sees a database without them.
 */
async function runInside(db: Kysely<DB>, migration: Migration, logins: Logins): Promise<void> {
  const DEPENDENT_OBJECTS = ['2BP01', '0A000'];
  try {
    await db.transaction().execute((trx) => apply(trx));
  } catch (error) {
    if (!DEPENDENT_OBJECTS.includes((error as { code?: string }).code ?? '')) throw error;
    await db.transaction().execute(async (trx) => {
      await sql.raw(readSql('install/drop_schemas.sql')).execute(trx);
      await apply(trx);
      const later = readMigrations().some((each) => each.number > migration.number);
      // Files describe the state after the last migration; before it they may not fit yet.
      if (!later) {
        await rebuild(trx, logins);
        await record(trx, logins);
      }
    });
  }

  async function apply(trx: Kysely<DB>): Promise<void> {
    await runFile(trx, migration);
    await note(trx, migration);
  }
}

/** Statement by statement, each its own; run again from the top after a failure, so they must bear it. */
async function runOutside(db: Kysely<DB>, migration: Migration): Promise<void> {
  for (const text of migration.text.split(/;[ \t]*$/m)) {
    if (text.replace(/--.*$/gm, '').trim()) await runFile(db, { ...migration, text });
  }
  await note(db, migration);
}

async function note(db: Kysely<DB>, { number, name, hash }: Migration): Promise<void> {
  await db.insertInto('app.migrations').values({ number, name, hash }).execute();
}

async function record(db: Kysely<DB>, logins: Logins): Promise<void> {
  const migration = readMigrations().at(-1)?.number ?? 0;
  await db
    .insertInto('app.rebuilds')
    .values({ hash: rebuildHash(logins), version: PACKAGE_VERSION, migration })
    .execute();
}

/** What is to be done; null on a database without any of ours. */
async function look(db: Kysely<DB>, logins: Logins, { newerIsFine = false } = {}): Promise<State | null> {
  const exists = await sql<{ made: boolean; leftover: boolean }>`
    select to_regclass('app.rebuilds') is not null as made, to_regnamespace('base_old') is not null as leftover
  `.execute(db);
  if (!exists.rows[0]?.made) return null;
  const applied = await db.selectFrom('app.migrations').select(['number', 'name', 'hash']).orderBy('number').execute();
  const last = await db.selectFrom('app.rebuilds').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
  const files = readMigrations();
  const unknown = applied.filter((each) => !files.some((file) => file.number === each.number));
  if (unknown.length > 0 && !newerIsFine) {
    throw new StartError(
      `The database is newer than this release: it has migration ${unknown.map((each) => each.name).join(', ')}. Start the release that made it (or, while both run side by side, set NO_MIGRATE=1).`,
    );
  }
  for (const file of files) {
    const run = applied.find((each) => each.number === file.number);
    if (run && run.hash !== file.hash) {
      throw new StartError(
        `${file.path} was edited after it ran on this database: take the edit back and write a new migration (before a release: start with an empty DATA_DIR).`,
      );
    }
  }
  const newer =
    last && isNewer(last, files.at(-1)?.number ?? 0) ? `${last.version} (migration ${last.migration})` : null;
  return {
    pending: files.filter((file) => !applied.some((each) => each.number === file.number)),
    stale: newer === null && last?.hash !== rebuildHash(logins),
    newer,
    leftover: exists.rows[0].leftover,
  };
}

function isNewer(theirs: { migration: number; version: string }, ourMigration: number): boolean {
  if (theirs.migration !== ourMigration) return theirs.migration > ourMigration;
  const parts = (version: string) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [parts(theirs.version), parts(PACKAGE_VERSION)];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
