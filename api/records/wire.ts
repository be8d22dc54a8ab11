/**
 * Fields as they travel: select expressions that give exactly the wire types of contract.ts, masked where the caller sees
 * personal data only masked. Lists, records and the answers of writes all select through here, so they cannot differ.
 */
import { type Expression, type ExpressionBuilder, sql } from 'kysely';
import type { Caller } from '../context.ts';
import type { Field, Lang, Resource } from '../contract.ts';
import type { Columns } from '../storage/columns.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { type Access, accessOf } from './access.ts';
import { maskSql } from './mask.ts';

/** The alias under which every statement reads the resource. */
export const ROW = 't';
export type RowBuilder = ExpressionBuilder<LooseTables, string>;

/** What is read: the view when there is one. */
export function relationOf(resource: Resource): string {
  return resource.view ?? resource.table;
}

/** Where a field is kept: a password only as its hash. */
export function columnOf(name: string, field: Field): string {
  return field.kind === 'password' ? `${name}_hash` : name;
}

/** True when the resource's rows carry a version, so that two people cannot overwrite each other. */
export function isVersioned(resource: Resource, columns: Columns): boolean {
  return columns.get(relationOf(resource))?.has('version') ?? false;
}

/** Names of the fields a caller may see, in the order of the definition. */
export function readableFields(resource: Resource, access: Access): string[] {
  return Object.keys(resource.fields).filter((name) => access.fields.get(name)?.read);
}

/**
 * The select list of a record: id, the fields, the version.
 * @param fields readable ones; the caller's access decides which of them are masked
 */
export function wireFields(
  {
    resource,
    access,
    columns,
    fields,
  }: { resource: Resource; access: Access; columns: Columns; fields: readonly string[] },
  row: RowBuilder,
) {
  const selected = fields.map((name) => {
    const field = resource.fields[name]!;
    const column = row.ref(`${ROW}.${name}`);
    return (access.fields.get(name)?.masked ? maskSql(field.pii!, column) : wireValue(field, column)).as(name);
  });
  const id = row.ref(`${ROW}.id`).as('id');
  return isVersioned(resource, columns)
    ? [id, ...selected, row.ref(`${ROW}.version`).as('version')]
    : [id, ...selected];
}

/** One field's value in its wire type. */
export function wireValue(field: Field, column: Expression<unknown>) {
  switch (field.kind) {
    case 'money':
    case 'decimal':
    case 'rate':
      return sql<string>`${column}::text`;
    case 'datetime':
      return sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    default:
      return sql`${column}`;
  }
}

/** The field that names a record in the language, or null when the caller may not see it. */
export function titleField(resource: Resource, access: Access, lang: Lang): string | null {
  const name = typeof resource.title === 'string' ? resource.title : resource.title[lang === 'zh' ? 0 : 1];
  return name === 'id' || access.fields.get(name)?.read ? name : null;
}

/** The name of a record as text; where the title is empty, what else identifies it: a unique field, else the id. */
export function titleValue(
  { resource, access, lang, table }: { resource: Resource; access: Access; lang: Lang; table: string },
  row: RowBuilder,
) {
  const id = sql<string>`${row.ref(`${table}.id`)}::text`;
  const name = titleField(resource, access, lang);
  const key = Object.keys(resource.fields).find((each) => {
    const seen = access.fields.get(each);
    return resource.fields[each]!.unique && each !== name && seen?.read && !seen.masked;
  });
  const shown = [name, key].filter((each) => each !== null && each !== undefined && each !== 'id');
  const parts = shown.map((each) => {
    const field = resource.fields[each!]!;
    const column = row.ref(`${table}.${each}`);
    return access.fields.get(each!)?.masked
      ? maskSql(field.pii!, column)
      : sql<string>`${wireValue(field, column)}::text`;
  });
  return parts.length > 0 ? sql<string>`coalesce(${sql.join([...parts, id])})` : id;
}

/** Relations among the fields, to one record or to several, whose targets the caller may see. */
export function readableRefs({
  fields,
  resource,
  resources,
  caller,
}: {
  fields: readonly string[];
  resource: Resource;
  resources: ReadonlyMap<string, Resource>;
  caller: Caller;
}): { name: string; many: boolean; target: Resource }[] {
  return fields.flatMap((name) => {
    const field = resource.fields[name]!;
    if (field.kind !== 'ref' && field.kind !== 'refs') return [];
    const target = resources.get(field.to)!;
    return accessOf(caller, target).list ? [{ name, many: field.kind === 'refs', target }] : [];
  });
}
