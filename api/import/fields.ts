/** Which fields a file may fill, and how a header finds its field. */

import type { Caller } from '../context.ts';
import type { Field, ImportFormat, ImportMapping, ImportPreset, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';

export interface ImportFields {
  /** A column each. */
  fields: { [name: string]: Field };
  /** One value for the file. */
  options: { [name: string]: Field };
  key: readonly string[];
}

/** @throws Problem 404 for a resource that cannot be imported, 403 for a caller who may not */
export function importFields(resource: Resource, caller: Caller): ImportFields {
  if (!resource.import) throw problem(404, 'import_none', { resource: resource.name, label: resource.label });
  const access = accessOf(caller, resource);
  if (!access.import) throw problem(403, 'forbidden_import', { resource: resource.name, label: resource.label });
  const { fields, options = {}, key } = resource.import;
  if (fields) return { fields, options, key };
  const writable = Object.entries(resource.fields).filter(
    ([name, field]) => access.fields.get(name)?.write && field.kind !== 'rows',
  );
  return { fields: Object.fromEntries(writable), options, key };
}

/** What a header and a field's names are compared by: no case, spaces, punctuation or full-width forms. */
export function plainName(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.·:()[\]*#/]+/gu, '');
}

/**
 * The mapping to begin with: the preset all of whose columns the file has (of several, the one with most), else each field
 * with the header that says its key, a label or an alias.
 */
export function proposeMapping(options: {
  fields: { [name: string]: Field };
  headers: readonly string[];
  format: ImportFormat;
  presets: readonly ImportPreset[];
}): ImportMapping {
  const { fields, headers, format, presets } = options;
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
  return { columns };
}

const keyNames = (name: string) => [name];
const labelNames = (_: string, field: Field) => field.label;
const aliasNames = (_: string, field: Field) => field.aliases ?? [];
