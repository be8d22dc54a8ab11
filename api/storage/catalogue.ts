/** What the live database holds, read by the queries in sql/catalogue. */
import { type Kysely, sql } from 'kysely';
import type { DB } from '../schema.ts';
import { readSql } from './sql-files.ts';

export interface CatalogueColumn {
  schema_name: 'app' | 'base' | 'report' | 'ops';
  relation_name: string;
  relation_kind: 'table' | 'view';
  unlogged: boolean;
  partitioned_by: string | null;
  relation_comment: string | null;
  column_name: string;
  /** "numeric(14,2)" */
  column_type: string;
  /** The type without its length, of an element for arrays. */
  element_type: string;
  is_array: boolean;
  not_null: boolean;
  column_default: string | null;
  column_comment: string | null;
}
export interface CatalogueConstraint {
  table_name: string;
  constraint_name: string;
  /** primary key, unique, foreign key, check, exclusion */
  kind: 'p' | 'u' | 'f' | 'c' | 'x';
  definition: string;
  columns: string[] | null;
  referenced_table: string | null;
  /** a: no action (nothing was said) */
  on_delete: string;
}
export interface CatalogueIndex {
  table_name: string;
  index_name: string;
  definition: string;
}
export interface CatalogueRoutine {
  schema_name: string;
  routine_name: string;
  kind: 'function' | 'procedure';
  arguments: string;
  result: string | null;
  volatility: string;
  routine_comment: string | null;
}
export interface Catalogue {
  columns: CatalogueColumn[];
  constraints: CatalogueConstraint[];
  indexes: CatalogueIndex[];
  routines: CatalogueRoutine[];
}

export async function readCatalogue(db: Kysely<DB>): Promise<Catalogue> {
  const [columns, constraints, indexes, routines] = await Promise.all([
    run<CatalogueColumn>(db, 'columns'),
    run<CatalogueConstraint>(db, 'constraints'),
    run<CatalogueIndex>(db, 'indexes'),
    run<CatalogueRoutine>(db, 'routines'),
  ]);
  return { columns, constraints, indexes, routines };
}

async function run<Row>(db: Kysely<DB>, name: string): Promise<Row[]> {
  return (await sql.raw<Row>(readSql(`catalogue/${name}.sql`)).execute(db)).rows;
}

/** Columns by relation, "app.orders" -> its columns in order. */
export function relationsOf({ columns }: Catalogue): Map<string, CatalogueColumn[]> {
  const relations = new Map<string, CatalogueColumn[]>();
  for (const column of columns) {
    const name = `${column.schema_name}.${column.relation_name}`;
    const list = relations.get(name);
    if (list) list.push(column);
    else relations.set(name, [column]);
  }
  return relations;
}
