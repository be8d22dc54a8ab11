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

function columnValue(scene: Scene, name: string, raw: boolean): FileValue {
  const { resource, access, lang } = scene;
  const column = fieldColumn(resource, name, ROW);
  if (name === 'id') return { kind: 'number', style: 'integer', value: sql`${column}` };
  const field = resource.fields[name]!;
  if (field.kind === 'ref') return { kind: 'text', style: 'text', value: refText(scene, field.to, column) };
  if (field.kind === 'refs') return { kind: 'text', style: 'text', value: refsText(scene, field.to, column) };
  const masked = access.fields.get(name)!.masked;
  if (field.kind === 'rows')
    return { kind: 'text', style: 'text', value: sql`(${fieldValue(name, field, ROW)})::text` };
  return fileValue(field, column, { masked, raw, lang });
}

/** The name of the record that is referred to, "#12" where the caller sees none. */
function refText(scene: Scene, to: string, column: RawBuilder<unknown>): RawBuilder<unknown> {
  const key = namedTarget(scene, to);
  const id = sql`'#' || ${column}`;
  return key ? sql`coalesce((${key(sql`= ${column}`)}), ${id})` : id;
}

/** The name of one target, for a condition on its id; null where targets have none that the caller may see. */
function namedTarget({ resources, caller, moment }: Scene, to: string) {
  const target = resources.get(to)!;
  const key = accessOf(caller, target).list ? naturalKey(target, caller) : null;
  if (key === null) return null;
  const visible = visibleRows({ resource: target, caller, moment, table: 'target' });
  const from = sql.table(visible ? relationOf(target) : target.table);
  return (which: RawBuilder<unknown>) =>
    sql`select ${sql.ref(`target.${key}`)}::text from ${from} as target where target.id ${which}${visible ? sql` and ${visible}` : sql``}`;
}

/** Several names in one cell, in the order kept. */
function refsText(scene: Scene, to: string, column: RawBuilder<unknown>): RawBuilder<unknown> {
  const key = namedTarget(scene, to);
  const id = sql`'#' || entry.id`;
  const name = key ? sql`coalesce((${key(sql`= entry.id`)}), ${id})` : id;
  const names = sql`array(select ${name} from unnest(${column}) with ordinality as entry (id, place) order by entry.place)`;
  return listText(names);
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
