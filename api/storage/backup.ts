/**
 * Backup and restore without external programs, for the embedded database and for servers alike. A backup is one
 * consistent moment of schema app; views and routines come from the release that restores it.
 */
import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { type CopyStreamQuery, from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { StartError } from '../config.ts';
import { openOwner } from '../database.ts';
import { migrate } from '../migrate.ts';
import { type BackupHead, type BackupTable, decode, encode, type Part } from './backup-file.ts';
import { columnList, compileSql } from './compile-sql.ts';
import { driverTypes } from './driver-types.ts';
import type { Logins } from './logins.ts';
import { PACKAGE_VERSION } from './migration-state.ts';
import { readMigrations, readSql } from './sql-files.ts';

/** Rows travel in pieces of about this many bytes. */
const PIECE = 256 * 1024;

export interface BackupResult {
  tables: number;
  rows: number;
}

/** Writes the file; it gets its name when it is whole. @throws StartError when the database holds nothing of ours. */
export async function backup(owner_url: string, file: string): Promise<BackupResult> {
  const making = `${file}.part`;
  const client = await connect(owner_url);
  const result: BackupResult = { tables: 0, rows: 0 };
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    // Personal data is in it: for the eyes of whoever makes it.
    const target = createWriteStream(making, { mode: 0o600, flags: 'w' });
    await pipeline(Readable.from(encode(take(client, result))), createGzip({ level: 3 }), target);
    renameSync(making, file);
    return result;
  } catch (error) {
    rmSync(making, { force: true });
    throw explainFile(error);
  } finally {
    await client.end();
  }
}

/**
 * Fills an empty database; migrates it to this release afterwards. One transaction: a file that proves damaged at its
 * end leaves only empty tables.
 * @throws StartError when the database is not empty, the file is damaged or of a newer release.
 */
export async function restore(
  logins: Logins,
  file: string,
  say: (line: string) => void = () => {},
): Promise<BackupResult> {
  const owner = openOwner(logins.owner.url);
  try {
    const parts = decode(file);
    const first = (await parts.next()).value as Part | undefined;
    if (first?.kind !== 'head') throw new StartError(`${file} cannot be restored: it is damaged.`);
    const upto = await checkWhole(first.head, parts, file);
    const made = await sql<{ made: boolean }>`select to_regnamespace('app') is not null as made`.execute(owner);
    if (made.rows[0]?.made) {
      throw new StartError('The database is not empty: restore into a new one (another DATA_DIR or DATABASE_URL).');
    }
    try {
      await migrate(owner, { logins, say, upto });
      const result = await fill(logins.owner.url, parts, say);
      await migrate(owner, { logins, say });
      return result;
    } catch (error) {
      // As empty as it was found.
      await sql.raw(readSql('install/drop_everything.sql')).execute(owner);
      throw error;
    }
  } finally {
    await owner.destroy();
  }
}

/** What a head says counts when the file is whole: of a damaged one the damage is told, not what it seems to say. */
async function checkWhole(head: BackupHead, rest: AsyncIterable<Part>, file: string): Promise<number> {
  try {
    return checkHead(head, file);
  } catch (refusal) {
    for await (const _part of rest);
    throw refusal;
  }
}

/* ------------------------------------------------------------------ out */

async function* take(client: pg.Client, result: BackupResult): AsyncGenerator<Part> {
  yield { kind: 'head', head: await readHead(client) };
  const rows: { [table: string]: number } = {};
  for (const { table_name: name, columns } of await tables(client)) {
    yield { kind: 'table', table: { name, columns } };
    // Through a select, so that a partitioned table gives the rows of all its partitions.
    const statement = compileSql(sql`copy (select ${columnList(columns)} from ${sql.table(`app.${name}`)}) to stdout`);
    const stream = client.query(copyTo(statement));
    let waiting: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      waiting.push(chunk);
      size += chunk.length;
      if (size < PIECE) continue;
      yield { kind: 'rows', bytes: Buffer.concat(waiting) };
      waiting = [];
      size = 0;
    }
    if (size > 0) yield { kind: 'rows', bytes: Buffer.concat(waiting) };
    rows[name] = stream.rowCount;
    result.tables += 1;
    result.rows += stream.rowCount;
  }
  const found = await client.query<{ sequence_name: string; last_value: number }>(readSql('catalogue/sequences.sql'));
  const sequences = Object.fromEntries(found.rows.map((each) => [each.sequence_name, each.last_value]));
  yield { kind: 'end', end: { rows, sequences } };
}

async function readHead(client: pg.Client): Promise<BackupHead> {
  try {
    const found = await client.query<BackupHead['migrations'][number]>(readSql('catalogue/migrations.sql'));
    return { taken_at: new Date().toISOString(), version: PACKAGE_VERSION, migrations: found.rows };
  } catch (error) {
    const UNDEFINED_TABLE = '42P01';
    if ((error as { code?: string }).code !== UNDEFINED_TABLE) throw error;
    throw new StartError('There is nothing to back up: the database is empty.');
  }
}

/* ------------------------------------------------------------------ in */

/** @returns the last migration of the file. */
function checkHead(head: BackupHead, file: string): number {
  const known = new Map(readMigrations().map((each) => [each.number, each]));
  for (const { number, name, hash } of head.migrations) {
    const own = known.get(number);
    if (!own) {
      throw new StartError(
        `${file} was made by a newer release (${head.version}, migration ${name}): restore it with that one.`,
      );
    }
    if (own.hash !== hash) {
      throw new StartError(
        `${file} was made with another text of ${own.path}: restore it with the release that made it.`,
      );
    }
  }
  return head.migrations.at(-1)?.number ?? 0;
}

async function fill(owner_url: string, parts: AsyncIterable<Part>, say: (line: string) => void): Promise<BackupResult> {
  const client = await connect(owner_url);
  const result: BackupResult = { tables: 0, rows: 0 };
  const counted: { [table: string]: number } = {};
  let into: Filling | null = null;
  async function finishTable(): Promise<void> {
    if (!into) return;
    into.stream.end();
    await into.done;
    counted[into.name] = into.stream.rowCount;
    result.tables += 1;
    result.rows += into.stream.rowCount;
    into = null;
  }
  try {
    await client.query('begin');
    await client.query(readSql('install/checks_off.sql'));
    const own = await tables(client);
    // What migrations put in comes back with the file.
    for (const { table_name } of own)
      await client.query(compileSql(sql`delete from ${sql.table(`app.${table_name}`)}`));
    for await (const part of parts) {
      if (part.kind === 'table') {
        await finishTable();
        say(`Restoring ${part.table.name} …`);
        into = startFilling(client, part.table);
      }
      if (part.kind === 'rows' && into) await write(into, part.bytes);
      if (part.kind === 'end') {
        await finishTable();
        for (const [name, rows] of Object.entries(part.end.rows)) {
          if (counted[name] !== rows) throw new StartError(`Table ${name} came with ${counted[name]} of ${rows} rows.`);
        }
        for (const [name, value] of Object.entries(part.end.sequences)) {
          await client.query(compileSql(sql`select setval(${sql.lit(`app.${name}`)}, ${sql.lit(value)})`));
        }
      }
    }
    await client.query(readSql('install/checks_on.sql'));
    await client.query('commit');
    await client.query('analyze');
    return result;
  } finally {
    await client.end();
  }
}

interface Filling {
  name: string;
  stream: CopyStreamQuery;
  /** Fails when Postgres refuses the rows. */
  done: Promise<void>;
}

function startFilling(client: pg.Client, { name, columns }: BackupTable): Filling {
  const statement = compileSql(sql`copy ${sql.table(`app.${name}`)} (${columnList(columns)}) from stdin`);
  const stream = client.query(copyFrom(statement));
  const done = finished(stream);
  // Looked at with the next piece or at the end of the table.
  done.catch(() => {});
  return { name, stream, done };
}

async function write({ stream, done }: Filling, bytes: Buffer): Promise<void> {
  try {
    if (stream.destroyed) await done;
    else if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), done]);
  } catch (error) {
    // What Postgres refused comes first: the stream says no more than that it is gone.
    await done;
    throw error;
  }
}

/* ------------------------------------------------------------------ both */

async function tables(client: pg.Client): Promise<{ table_name: string; columns: string[] }[]> {
  return (await client.query<{ table_name: string; columns: string[] }>(readSql('catalogue/backup_tables.sql'))).rows;
}

async function connect(owner_url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: owner_url, types: driverTypes, options: '-c TimeZone=UTC' });
  client.on('error', () => {});
  await client.connect();
  return client;
}

function explainFile(error: unknown): unknown {
  const { code, path } = error as { code?: string; path?: string };
  if (code && path && /^E[A-Z]+$/.test(code)) return new StartError(`${path} cannot be written (${code}).`);
  return error;
}
