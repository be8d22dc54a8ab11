/**
 * What a database has and what this release would do to it.
 *
 * Order of releases: the highest migration number, then the version in package.json. A database whose migrations this
 * release does not know is of a newer one and is refused; one whose views a newer release built (same migrations, higher
 * version) is used as it is.
 */
import { readFileSync } from 'node:fs';
import { type Kysely, sql } from 'kysely';
import { StartError } from '../config.ts';
import type { DB } from '../schema.ts';
import type { Logins } from './logins.ts';
import { rebuildHash } from './rebuild.ts';
import { type Migration, readMigrations } from './sql-files.ts';

export const PACKAGE_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export interface MigrationState {
  /** False: nothing of ours is there, not even the installer's record. */
  installed: boolean;
  pending: Migration[];
  /** The rebuilt schemas are not what this release's files say, and it may rebuild them. */
  stale: boolean;
  /** The newer release that built the views. */
  newer: string | null;
  /** Schemas of before the last rebuild are still there. */
  leftover: boolean;
}

export interface Release {
  logins: Logins;
  /** The folder sql/ of the release. */
  folder?: string;
}

/**
 * @param newerIsFine Unknown migrations are no reason to stop: old and new processes run side by side.
 * @throws StartError when the database is newer than this release, or a migration was edited after it ran.
 */
export async function readState(
  db: Kysely<DB>,
  { logins, folder }: Release,
  { newerIsFine = false } = {},
): Promise<MigrationState> {
  const files = readMigrations(folder);
  const found = await sql<{ installed: boolean; leftover: boolean }>`
    select to_regclass('app.rebuilds') is not null as installed, to_regnamespace('base_old') is not null as leftover
  `.execute(db);
  const { installed = false, leftover = false } = found.rows[0] ?? {};
  if (!installed) return { installed, pending: files, stale: true, newer: null, leftover };

  const applied = await db.selectFrom('app.migrations').select(['number', 'name', 'hash']).orderBy('number').execute();
  const unknown = applied.filter((each) => !files.some((file) => file.number === each.number));
  if (unknown.length > 0 && !newerIsFine) {
    throw new StartError(
      `The database is newer than this release: it has migration ${unknown.map((each) => each.name).join(', ')}. Start the release that made it (or, while both run side by side, set NO_MIGRATE=1).`,
    );
  }
  const edited = files.find((file) => applied.some((each) => each.number === file.number && each.hash !== file.hash));
  if (edited) {
    throw new StartError(
      `${edited.path} was edited after it ran on this database: take the edit back and write a new migration (before a release: start with an empty DATA_DIR).`,
    );
  }
  const last = await db.selectFrom('app.rebuilds').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
  const newer =
    last && isNewer(last, files.at(-1)?.number ?? 0) ? `${last.version} (migration ${last.migration})` : null;
  return {
    installed,
    pending: files.filter((file) => !applied.some((each) => each.number === file.number)),
    stale: newer === null && last?.hash !== rebuildHash(logins, folder),
    newer,
    leftover,
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
