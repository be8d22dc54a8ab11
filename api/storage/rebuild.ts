/**
 * Views and routines are rebuilt from their files, all at once, whenever the files changed.
 * In one transaction the old schemas are renamed and new ones made; open readers finish on the old ones, which are
 * dropped afterwards.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { DB } from '../schema.ts';
import type { Logins } from './logins.ts';
import { hashOf, readObjects, readSql, type SqlFile } from './sql-files.ts';

/** Raised when the way of rebuilding changes although the files do not. */
const RECIPE = '1';
const DROP_TRIES = 6;

/** A file of sql/ that Postgres refused: the message begins with file, line and column. */
export class SqlFileError extends Error {
  override name = 'SqlFileError';
}

/** What the rebuilt schemas were made from: the files and the names of the logins. */
export function rebuildHash(logins: Logins, folder?: string): string {
  const objects = readObjects(folder);
  return hashOf([
    RECIPE,
    logins.app.role,
    logins.report.role,
    grants(logins, folder),
    ...objects.flatMap((file) => [file.object, file.text]),
  ]);
}

/** Makes the three schemas anew within the given transaction. @throws SqlFileError */
export async function rebuild(trx: Transaction<DB>, logins: Logins, folder?: string): Promise<void> {
  await runText(trx, readSql('install/make_schemas.sql'));
  for (const file of readObjects(folder)) await runFile(trx, file);
  await runText(trx, readSql('install/make_custom_views.sql'));
  await runFile(trx, { path: 'sql/grants.sql', name: 'grants', text: grants(logins, folder) });
}

/** Drops what the last rebuild left, without waiting long for its readers. @returns whether it is gone. */
export async function dropOld(db: Kysely<DB>): Promise<boolean> {
  const text = readSql('install/drop_old_schemas.sql');
  for (let tries = 0; tries < DROP_TRIES; tries++) {
    try {
      await db.transaction().execute((trx) => runText(trx, text));
      return true;
    } catch (error) {
      const LOCK_NOT_AVAILABLE = '55P03';
      const DEADLOCK = '40P01';
      const { code } = error as { code?: string };
      if (code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK) throw error;
    }
    await sleep(100);
  }
  return false;
}

/** Runs a file of several statements. @throws SqlFileError naming file, line and column. */
export async function runFile(db: Kysely<DB>, file: SqlFile): Promise<void> {
  try {
    await runText(db, file.text);
  } catch (error) {
    throw explain(file, error);
  }
}

async function runText(db: Kysely<DB>, text: string): Promise<void> {
  await sql.raw(text).execute(db);
}

function grants(logins: Logins, folder?: string): string {
  return readSql('grants.sql', folder).replace(/(?<!:):(app|report)\b/g, (_, name: 'app' | 'report') => {
    return `"${logins[name].role.replaceAll('"', '""')}"`;
  });
}

function explain(file: SqlFile, error: unknown): Error {
  const { message, position, hint, detail, code } = error as {
    message?: string;
    position?: string;
    hint?: string;
    detail?: string;
    code?: string;
  };
  if (!code) return error as Error;
  const before = file.text.slice(0, Math.max(0, Number(position ?? 1) - 1));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const rest = [detail, hint].filter(Boolean).join(' ');
  const explained = new SqlFileError(`${file.path}:${line}:${column}: ${message}${rest ? ` (${rest})` : ''}`, {
    cause: error,
  });
  return Object.assign(explained, { code });
}
