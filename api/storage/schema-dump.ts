/**
 * Writes what the database is: sql/schema.sql for people (its diff shows what a migration did) and api/schema.ts,
 * the types that Kysely checks queries against. Both come from the catalogue and are the same on every version.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { DB } from '../schema.ts';
import { type Catalogue, type CatalogueColumn, readCatalogue, relationsOf } from './catalogue.ts';
import { readSql, SQL_FOLDER } from './sql-files.ts';

const TYPES_FILE = join(import.meta.dirname, '..', 'schema.ts');

/** Writes both files where they differ. @returns the paths that changed. */
export async function writeSchema(db: Kysely<DB>): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, before, text] of await schemaFiles(db)) {
    if (before === text) continue;
    writeFileSync(path, text);
    changed.push(path);
  }
  return changed;
}

/** The two files: path, text on disk, text as it should be. */
export async function schemaFiles(db: Kysely<DB>): Promise<[path: string, before: string, text: string][]> {
  const catalogue = await readCatalogue(db);
  return [
    [join(SQL_FOLDER, 'schema.sql'), readIfThere('schema.sql'), schemaSql(catalogue)],
    [TYPES_FILE, readIfThere('../api/schema.ts'), schemaTypes(catalogue)],
  ];
}

function readIfThere(path: string): string {
  try {
    return readSql(path);
  } catch {
    return '';
  }
}

/* ------------------------------------------------------------------ schema.sql */

function schemaSql(catalogue: Catalogue): string {
  const parts = ['-- Written by `pnpm migrate` from the catalogue; do not edit.\n'];
  for (const [name, columns] of relationsOf(catalogue)) {
    const first = columns[0]!;
    parts.push(
      first.relation_kind === 'table' ? tableSql(name, first, columns, catalogue) : viewSql(name, first, columns),
    );
  }
  const routines = catalogue.routines.map(
    (each) =>
      `${each.kind} ${each.schema_name}.${each.routine_name}(${each.arguments})${each.result ? ` returns ${each.result}` : ''} ${each.volatility}`,
  );
  if (routines.length > 0) parts.push(`${routines.map((line) => `-- ${line}`).join('\n')}\n`);
  return parts.join('\n');
}

function tableSql(name: string, first: CatalogueColumn, columns: CatalogueColumn[], catalogue: Catalogue): string {
  const lines = [
    ...columns.map((column) =>
      [column.column_name, column.column_type, column.not_null ? 'not null' : '', column.column_default ?? '']
        .filter(Boolean)
        .join(' '),
    ),
    ...catalogue.constraints
      .filter((each) => each.table_name === first.relation_name)
      .map((each) => `constraint ${each.constraint_name} ${each.definition}`),
  ];
  const create = `create ${first.unlogged ? 'unlogged ' : ''}table ${name} (\n  ${lines.join(',\n  ')}\n)`;
  const statements = [
    first.partitioned_by ? `${create} partition by ${first.partitioned_by};` : `${create};`,
    ...catalogue.indexes.filter((each) => each.table_name === first.relation_name).map((each) => `${each.definition};`),
    ...comments('table', name, first, columns),
  ];
  return `${statements.join('\n')}\n`;
}

function viewSql(name: string, first: CatalogueColumn, columns: CatalogueColumn[]): string {
  const head = `-- view ${name} (see sql/views)`;
  const lines = columns.map((column) => `--   ${column.column_name} ${column.column_type}`);
  return `${[head, ...lines, ...comments('view', name, first, columns)].join('\n')}\n`;
}

function comments(kind: string, name: string, first: CatalogueColumn, columns: CatalogueColumn[]): string[] {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return [
    ...(first.relation_comment ? [`comment on ${kind} ${name} is ${quote(first.relation_comment)};`] : []),
    ...columns
      .filter((column) => column.column_comment)
      .map((column) => `comment on column ${name}.${column.column_name} is ${quote(column.column_comment!)};`),
  ];
}

/* ------------------------------------------------------------------ schema.ts */

const SCALARS: { [type: string]: string } = {
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  real: 'number',
  'double precision': 'number',
  boolean: 'boolean',
  numeric: 'Decimal',
  json: 'JsonValue',
  jsonb: 'JsonValue',
  bytea: 'Buffer',
};

/**
 * Views that no query names have no types: the compiler compares all relations with each other and gives up beyond some 316.
 */
function schemaTypes(catalogue: Catalogue): string {
  const named = viewsNamed();
  const typed = [...relationsOf(catalogue)].filter(([name]) => name.startsWith('app.') || named.has(name));
  const relations = typed.map(([name, columns]) => {
    const lines = columns.map((column) => `    ${property(column.column_name)}: ${typeOf(column)};`);
    return `  '${name}': {\n${lines.join('\n')}\n  };`;
  });
  return `/** Written by \`pnpm migrate\` from the catalogue; do not edit. Columns of views are nullable: the catalogue cannot know better. */
import type { ColumnType, GeneratedAlways } from 'kysely';
import type { Json } from './contract.ts';

/** Exact: read as text, written as text or number. */
type Decimal = ColumnType<string, string | number, string | number>;
/** Written as text that JSON.stringify made: the driver would take an array for a Postgres array. */
type JsonValue = ColumnType<Json, string, string>;
/** May be left out when inserting. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;

export interface DB {
${relations.join('\n')}
}
`;
}

function viewsNamed(): Set<string> {
  const root = join(import.meta.dirname, '..', '..');
  const files = ['api', 'test'].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(root, folder, path))
      : [],
  );
  const sources = files.filter((path) => /\.tsx?$/.test(path) && path !== TYPES_FILE);
  // In quotes, and not as the view of a definition: those are read without types (loose-tables.ts).
  const names = /(?<=(?<!view: )['"])(?:base|report)\.[a-z_]+(?=['"]| as )/g;
  return new Set(sources.flatMap((path) => readFileSync(path, 'utf8').match(names) ?? []));
}

function property(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `'${name}'`;
}

function typeOf(column: CatalogueColumn): string {
  const scalar = SCALARS[column.element_type] ?? 'string';
  const type = column.is_array ? `${scalar}[]` : scalar;
  const value = column.not_null ? type : `${type} | null`;
  if (!column.column_default) return value;
  return column.column_default.startsWith('generated always') ? `GeneratedAlways<${value}>` : `Generated<${value}>`;
}
