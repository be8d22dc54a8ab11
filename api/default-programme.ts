/**
 * The default programme: every file of sql/defaults is put in once, in the order of the names, also into a database that
 * is older than the file. What it put in is data from then on: nothing comes back that people changed or deleted.
 */
import { type Kysely, sql } from 'kysely';
import type { DB } from './schema.ts';
import { readDefaults } from './storage/sql-files.ts';

/** @returns names of the files that the database has not had yet */
export async function missingDefaults(owner: Kysely<DB>): Promise<string[]> {
  const had = await owner.selectFrom('app.default_files').select('name').execute();
  const names = new Set(had.map((each) => each.name));
  return readDefaults()
    .map((each) => each.name)
    .filter((name) => !names.has(name));
}

/** Puts in what is missing. Two processes at once: the second waits, and finds nothing left. @param trx a transaction of the owner */
export async function applyDefaults(trx: Kysely<DB>): Promise<void> {
  await trx.selectFrom('app.settings').select('id').forUpdate().executeTakeFirstOrThrow();
  const missing = new Set(await missingDefaults(trx));
  for (const file of readDefaults()) {
    if (!missing.has(file.name)) continue;
    await sql.raw(file.text).execute(trx);
    await trx.insertInto('app.default_files').values({ name: file.name }).execute();
  }
  await trx
    .updateTable('app.settings')
    .set({ defaults_at: sql<string>`now()` })
    .where('defaults_at', 'is', null)
    .execute();
}
