/**
 * Fields as they travel: select expressions that give exactly the wire types of contract.ts, masked where the caller sees
 * personal data only masked. Lists, records and the answers of writes all select through here, so they cannot differ.
 */
import { type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller } from '../context.ts';
import type { Field, Lang, Resource } from '../contract.ts';
import type { Columns } from '../storage/columns.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { type Access, accessOf } from './access.ts';
import { columnFrom, EXTRAS, fieldColumn } from './field-column.ts';
import { maskSql } from './mask.ts';
import { WHOLE } from './whole-extras.ts';

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
 * @param whole those of them that come with the row's extras as a whole, for layOut
 */
export function wireFields(
  {
    resource,
    access,
    columns,
    fields,
    whole = [],
  }: {
    resource: Resource;
    access: Access;
    columns: Columns;
    fields: readonly string[];
    whole?: readonly string[];
  },
  row: RowBuilder,
) {
  const alone = whole.length > 0 ? fields.filter((name) => !whole.includes(name)) : fields;
  const selected = alone.map((name) => {
    const field = resource.fields[name]!;
    const masked = access.fields.get(name)?.masked;
    return (masked ? maskSql(field.pii!, fieldColumn(resource, name, ROW)) : fieldValue(name, field, ROW)).as(name);
  });
  if (whole.length > 0) selected.push(sql`${sql.ref(`${ROW}.${EXTRAS}`)}`.as(WHOLE));
  const id = row.ref(`${ROW}.id`).as('id');
  return isVersioned(resource, columns)
    ? [id, ...selected, row.ref(`${ROW}.version`).as('version')]
    : [id, ...selected];
}

/** A field of the record under the alias `table`: of a column in its wire type, or the rows of a child table. */
export function fieldValue(name: string, field: Field, table: string): RawBuilder<unknown> {
  if (field.kind !== 'rows') return wireValue(field, columnFrom(name, field, table));
  const values = Object.entries(field.fields).map(
    ([inner, part]) => sql`${wireValue(part, sql.ref(`child.${inner}`))} as ${sql.ref(inner)}`,
  );
  return sql`coalesce((
    select json_agg(line)
    from (
      select ${sql.join([sql`child.id`, ...values])}
      from ${sql.table(field.table)} as child
      where ${childRows(field, sql.ref(`${table}.id`))}
      order by child.position, child.id
    ) as line
  ), '[]')`;
}

/** The rows, under the alias `child`, that belong to a record. */
export function childRows(
  { by, fixed = {} }: Field & { kind: 'rows' },
  id: Expression<unknown>,
  table = 'child',
): RawBuilder<SqlBool> {
  const parts = Object.entries(fixed).map(
    ([column, value]) => sql`${sql.ref(`${table}.${column}`)} = ${sql.lit(value)}`,
  );
  return sql<SqlBool>`${sql.join([sql`${sql.ref(`${table}.${by}`)} = ${id}`, ...parts], sql` and `)}`;
}

/** One column's value in its wire type. */
export function wireValue(field: Field, column: Expression<unknown>): RawBuilder<unknown> {
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
    const column = fieldColumn(resource, each!, table);
    return access.fields.get(each!)?.masked
      ? maskSql(field.pii!, column)
      : sql<string>`${wireValue(field, column)}::text`;
  });
  return parts.length > 0 ? sql<string>`coalesce(${sql.join([...parts, id])})` : id;
}

export interface ReadableRef {
  /** "tier_id", or "lines.owner_id" for a column of rows. */
  name: string;
  many: boolean;
  target: Resource;
  /** What the id of the target equals. */
  ids: RawBuilder<unknown>;
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
}): ReadableRef[] {
  const found = (name: string, field: Field, ids: RawBuilder<unknown>, many: boolean): ReadableRef[] => {
    if (field.kind !== 'ref' && field.kind !== 'refs') return [];
    const target = resources.get(field.to)!;
    return accessOf(caller, target).list ? [{ name, many, target, ids }] : [];
  };
  return fields.flatMap((name) => {
    const field = resource.fields[name]!;
    const column = columnFrom(name, field, ROW);
    if (field.kind !== 'rows') {
      return found(name, field, field.kind === 'refs' ? sql`any(${column})` : column, field.kind === 'refs');
    }
    return Object.entries(field.fields).flatMap(([inner, part]) => {
      const named = sql.ref(`child.${inner}`);
      const ids = sql`any(array(
        select ${part.kind === 'refs' ? sql`unnest(${named})` : named}
        from ${sql.table(field.table)} as child
        where ${childRows(field, sql.ref(`${ROW}.id`))}
      ))`;
      return found(`${name}.${inner}`, part, ids, true);
    });
  });
}
