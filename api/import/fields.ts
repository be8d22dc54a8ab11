/** Which fields a file may fill, and how a header finds its field. */

import type { Caller } from '../context.ts';
import type { Field, ImportFormat, ImportMapping, ImportPreset, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { laidOut } from '../records/layouts.ts';
import { naturalKey } from '../records/natural-key.ts';
import { Fault } from '../values/fault.ts';
import { parseFieldValue } from '../values/parse-value.ts';

export interface ImportFields {
  /** A column each. */
  fields: { [name: string]: Field };
  /** One value for the file. */
  options: { [name: string]: Field };
  key: readonly string[];
}

/** @throws Problem 404 for a resource that cannot be imported, 403 for a caller who may not */
export function importFields(resource: Resource, caller: Caller): ImportFields {
  if (resource.offers !== undefined && !resource.offers.includes('i'))
    throw problem(404, 'import_none', { resource: resource.name, label: resource.label });
  const access = accessOf(caller, resource);
  if (!access.import) throw problem(403, 'forbidden_import', { resource: resource.name, label: resource.label });
  const { fields, options = {} } = resource.import ?? {};
  const key = importKey(resource, caller);
  if (fields) return { fields, options, key };
  const { locked } = laidOut(resource, caller);
  // Passwords are not for files.
  const writable = Object.entries(resource.fields).filter(
    ([name, field]) =>
      field.kind !== 'password' && ((access.fields.get(name)?.write && !locked.has(name)) || key.includes(name)),
  );
  const id: ImportFields['fields'] = key.includes('id') ? { id: ID } : {};
  return { fields: { ...id, ...Object.fromEntries(writable) }, options, key };
}

const ID: Field = { kind: 'integer', label: ['编号', 'ID'], min: 1, max: Number.MAX_SAFE_INTEGER };

/**
 * The fields by which a row of a file finds its record: declared, or a unique one, or else the id. One that the caller may
 * not read is none: whether a row was found would tell what it holds.
 */
export function importKey(resource: Resource, caller: Caller): readonly string[] {
  const { fields } = accessOf(caller, resource);
  const declared = resource.import?.key;
  const known = (name: string) => {
    const field = fields.get(name);
    return !field || (field.read && !field.masked);
  };
  return declared?.every(known) ? declared : [naturalKey(resource, caller) ?? 'id'];
}

/** What a header and a field's names are compared by: no case, spaces, punctuation or full-width forms. */
export function plainName(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.·:()[\]*#/]+/gu, '');
}

/**
 * The mapping to begin with: the one used last for such a file, the preset all of whose columns the file has (of several, the one with most), else each field
 * with the header that says its key, a label or an alias.
 */
export function proposeMapping(asked: {
  fields: { [name: string]: Field };
  /** What holds for the whole file. */
  options?: { [name: string]: Field };
  headers: readonly string[];
  /** The first rows. */
  sample?: readonly (readonly string[])[];
  format: ImportFormat;
  presets: readonly ImportPreset[];
  /** What the same person used for the same headers last time. */
  remembered: ImportMapping | null;
}): ImportMapping {
  const { fields, headers, format, presets, remembered } = asked;
  if (remembered) return withFileOptions(remembered, asked);
  if (format.header) {
    const fitting = presets
      .map(({ mapping }) => mapping)
      .filter(({ columns }) => Object.values(columns).every((header) => headers.includes(header)))
      .toSorted((a, b) => Object.keys(b.columns).length - Object.keys(a.columns).length);
    if (fitting[0]) return fitting[0];
  }
  const byName = new Map<string, string>();
  for (const header of headers) if (!byName.has(plainName(header))) byName.set(plainName(header), header);
  const taken = new Set<string>();
  const columns: ImportMapping['columns'] = {};
  for (const names of [keyNames, labelNames, aliasNames]) {
    for (const [name, field] of Object.entries(fields)) {
      if (columns[name] !== undefined) continue;
      const header = names(name, field)
        .map((each) => byName.get(plainName(each)))
        .find((each) => each !== undefined && !taken.has(each));
      if (header === undefined) continue;
      columns[name] = header;
      taken.add(header);
    }
  }
  return withFileOptions({ columns }, asked);
}

/**
 * What holds for the whole file, where the file itself says it in a column (an export names the source of each order): as
 * the first row has it. Rows that say something else are refused when they are read.
 */
function withFileOptions(
  mapping: ImportMapping,
  {
    options = {},
    headers,
    sample = [],
    remembered,
  }: Pick<Parameters<typeof proposeMapping>[0], 'options' | 'headers' | 'sample' | 'remembered'>,
): ImportMapping {
  const columns = { ...mapping.columns };
  const constants = { ...mapping.constants };
  for (const [name, field] of Object.entries(options)) {
    const own = new Set([name, ...field.label, ...(field.aliases ?? [])].map(plainName));
    const taken = Object.values(columns);
    const free = remembered ? undefined : headers.find((each) => own.has(plainName(each)) && !taken.includes(each));
    const header = columns[name] ?? free;
    const said = header === undefined ? '' : (sample[0]?.[headers.indexOf(header)] ?? '').trim();
    const value = said === '' ? null : parseFieldValue(field, said, 'text');
    if (header === undefined || value === null || value instanceof Fault) continue;
    columns[name] = header;
    constants[name] = value;
  }
  return Object.keys(constants).length > 0 ? { ...mapping, columns, constants } : { ...mapping, columns };
}

const keyNames = (name: string) => [name];
const labelNames = (_: string, field: Field) => field.label;
const aliasNames = (_: string, field: Field) => field.aliases ?? [];
