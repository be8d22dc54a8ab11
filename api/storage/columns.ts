/** The columns of tables and views as the database has them: which can be null, which exist at all. Read once. */
import type { Kysely } from 'kysely';
import type { DB } from '../schema.ts';
import { readCatalogue } from './catalogue.ts';

export interface Column {
  type: string;
  /** Views say so of all their columns. */
  nullable: boolean;
}
/** "app.customers" -> column -> what it is. */
export type Columns = ReadonlyMap<string, ReadonlyMap<string, Column>>;

const kept = new WeakMap<object, Promise<Columns>>();
const kept_letters = new WeakMap<object, Promise<ReadonlySet<string>>>();

export function readColumns(db: Kysely<DB>): Promise<Columns> {
  let columns = kept.get(db);
  if (!columns) {
    columns = load(db);
    kept.set(db, columns);
    // A failed look-up is asked again by the next request.
    columns.catch(() => kept.delete(db));
  }
  return columns;
}

/** Tables ("app.customers") whose search fields have an index of wide_letters. */
export function readLetterTables(db: Kysely<DB>): Promise<ReadonlySet<string>> {
  let tables = kept_letters.get(db);
  if (!tables) {
    tables = loadLetterTables(db);
    kept_letters.set(db, tables);
    tables.catch(() => kept_letters.delete(db));
  }
  return tables;
}

async function loadLetterTables(db: Kysely<DB>): Promise<ReadonlySet<string>> {
  const { indexes } = await readCatalogue(db);
  const found = indexes.filter(({ definition }) => definition.includes('wide_letters('));
  return new Set(found.map(({ table_name }) => `app.${table_name}`));
}

async function load(db: Kysely<DB>): Promise<Columns> {
  const columns = new Map<string, Map<string, Column>>();
  for (const table of await db.introspection.getTables()) {
    const found = new Map(table.columns.map((each) => [each.name, { type: each.dataType, nullable: each.isNullable }]));
    columns.set(`${table.schema}.${table.name}`, found);
  }
  return columns;
}
