/** The columns of an export: which fields, under which headers, as which values; and the joins that relations need. */
import { type RawBuilder, sql } from 'kysely';
import type { Resource } from '../contract.ts';
import { plainName } from '../import/fields.ts';
import { accessOf } from '../records/access.ts';
import { fieldColumn } from '../records/field-column.ts';
import { naturalKey } from '../records/natural-key.ts';
import { type Scene, visibleRows } from '../records/query.ts';
import { fieldValue, ROW, readableFields, relationOf } from '../records/wire.ts';
import { type FileValue, fileValue, listText } from './values.ts';

export interface ExportColumn extends FileValue {
  name: string;
  header: string;
  /** In letters. */
  width: number;
  /** Where the name of a related record comes from: joined, which for many rows costs a third of looking each one up. */
  join?: RelatedJoin;
}
export interface RelatedJoin {
  from: string;
  alias: string;
  on: RawBuilder<boolean>;
}

/**
 * @param fields in the asked order, `id` among them where it was asked for; null: all that the caller sees
 * @param raw keys as headers, and values as on the wire
 */
export function exportColumns(scene: Scene, fields: readonly string[] | null, raw: boolean): ExportColumn[] {
  const { resource, access, caller, lang } = scene;
  const all = readableFields(resource, access).filter((name) => !resource.fields[name]!.left_out?.includes('export'));
  // Without a name of its own a record is found again by its id.
  const names = fields ?? (naturalKey(resource, caller) === null ? ['id', ...all] : all);
  const headers = raw ? names : headerNames(resource, names, lang === 'zh' ? 0 : 1);
  return names.map((name, at) => ({
    name,
    header: headers[at]!,
    ...columnValue(scene, name, raw),
    width: widthOf(resource, name),
  }));
}

/** Labels; a label that an import could take for another field gives way to the key. */
export function headerNames(resource: Resource, names: readonly string[], lang: 0 | 1): string[] {
  const owners = new Map<string, Set<string>>();
  const own = (text: string, name: string) => {
    const plain = plainName(text);
    owners.set(plain, (owners.get(plain) ?? new Set()).add(name));
  };
  for (const [name, { label }] of Object.entries({ ...resource.fields, ...resource.import?.fields })) {
    for (const text of [name, ...label]) own(text, name);
  }
  own('id', 'id');
  return names.map((name) => {
    const label = resource.fields[name]?.label[lang] ?? 'id';
    return owners.get(plainName(label))?.size === 1 ? label : name;
  });
}

function columnValue(scene: Scene, name: string, raw: boolean): FileValue & Pick<ExportColumn, 'join'> {
  const { resource, access, lang } = scene;
  const column = fieldColumn(resource, name, ROW);
  if (name === 'id') return { kind: 'number', style: 'integer', value: sql`${column}` };
  const field = resource.fields[name]!;
  if (field.kind === 'ref') return refColumn(scene, name, field.to);
  if (field.kind === 'refs') return { kind: 'text', style: 'text', value: refsText(scene, field.to, column) };
  const masked = access.fields.get(name)!.masked;
  if (field.kind === 'rows')
    return { kind: 'text', style: 'text', value: sql`(${fieldValue(name, field, ROW)})::text` };
  return fileValue(field, column, { masked, raw, lang });
}

/** The name of the record that is referred to, "#12" where the caller sees none. */
function refColumn(scene: Scene, name: string, to: string): FileValue & Pick<ExportColumn, 'join'> {
  const column = fieldColumn(scene.resource, name, ROW);
  const id = sql`'#' || ${column}`;
  const alias = `related_${name}`;
  const target = namedTarget(scene, to, alias);
  if (!target) return { kind: 'text', style: 'text', value: id };
  const same = sql<boolean>`${sql.ref(`${alias}.id`)} = ${column}`;
  const on = target.visible ? sql<boolean>`${same} and ${target.visible}` : same;
  return {
    kind: 'text',
    style: 'text',
    value: sql`coalesce(${target.key}::text, ${id})`,
    join: { from: target.from, alias, on },
  };
}

/** Several names in one cell, in the order kept. */
function refsText(scene: Scene, to: string, column: RawBuilder<unknown>): RawBuilder<unknown> {
  const target = namedTarget(scene, to, 'target');
  const id = sql`'#' || entry.id`;
  const name = target
    ? sql`coalesce((select ${target.key}::text from ${sql.table(target.from)} as target where target.id = entry.id${target.visible ? sql` and ${target.visible}` : sql``}), ${id})`
    : id;
  const names = sql`array(select ${name} from unnest(${column}) with ordinality as entry (id, place) order by entry.place)`;
  return listText(names);
}

/** Where names of a resource's records are read; null where they have none that the caller may see. */
function namedTarget({ resources, caller, moment }: Scene, to: string, alias: string) {
  const target = resources.get(to)!;
  const key = accessOf(caller, target).list ? naturalKey(target, caller) : null;
  if (key === null) return null;
  const visible = visibleRows({ resource: target, caller, moment, table: alias });
  return { from: visible ? relationOf(target) : target.table, key: sql.ref(`${alias}.${key}`), visible };
}

const WIDTHS: { [kind: string]: number } = {
  longtext: 48,
  items: 48,
  predicate: 48,
  datetime: 20,
  boolean: 8,
  integer: 10,
};

function widthOf({ fields }: Resource, name: string): number {
  return WIDTHS[fields[name]?.kind ?? 'integer'] ?? 16;
}
