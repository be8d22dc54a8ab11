/** A mapping as somebody sent it: checked against the fields, the headers and the predicate grammar before it is kept or run. */
import { z } from 'zod';
import type {
  Field,
  ImportFormat,
  ImportKind,
  ImportMapping,
  Json,
  Pair,
  Predicate,
  PredicateContext,
  Resource,
} from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { checkPredicate } from '../predicate.ts';
import { Fault } from '../values/fault.ts';
import { parseFieldValue } from '../values/parse-value.ts';
import type { ImportFields } from './fields.ts';

const CHINESE = { error: z.locales.zhCN().localeError };
const text = z.string().max(300);
const format = z.strictObject({
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030']),
  delimiter: z.enum([',', ';', '\t', '|', 'whitespace']),
  header: z.boolean(),
  sheet: z.string().max(100).optional(),
  sheets: z.array(z.string().max(100)).max(500).optional(),
});
const transform = z.union([
  z.strictObject({ strip_prefix: text.min(1) }),
  z.strictObject({ strip_suffix: text.min(1) }),
  z.strictObject({ date: z.enum(['dmy', 'mdy']) }),
  z.strictObject({ decimal: z.literal('comma') }),
  z.strictObject({ values: z.record(text, text) }),
]);
const shape = z.strictObject({
  columns: z.record(text, text),
  format: format.optional(),
  transforms: z.record(text, z.array(transform).max(10)).optional(),
  time_zone: z.string().max(60).optional(),
  kinds: z
    .array(
      z.strictObject({
        when: z.record(z.string(), z.unknown()),
        // biome-ignore lint/suspicious/noThenProperty: a schema, never awaited
        then: z.enum(['row', 'return', 'skip']),
        label: z.union([text, z.tuple([text, text])]).optional(),
      }),
    )
    .max(20)
    .optional(),
  constants: z.record(text, z.json()).optional(),
  empty: z.enum(['keep', 'clear']).optional(),
});

/** @throws Problem 422 naming what does not fit; columns of the file are checked only where `headers` are given */
export function checkMapping(
  input: unknown,
  { resource, fields, headers }: { resource: Resource; fields: ImportFields; headers: readonly string[] | null },
): ImportMapping {
  const parsed = shape.safeParse(input);
  if (!parsed.success) {
    const path = parsed.error.issues[0]!.path.join('.');
    const zh = shape.safeParse(input, CHINESE).error?.issues[0]?.message ?? '';
    const reason: Pair = [`${path}：${zh}`, `${path}: ${parsed.error.issues[0]!.message}`];
    throw problem(422, 'bad_mapping', { reason: reason.map((text) => text.slice(0, 300)) as unknown as Pair });
  }
  const mapping = parsed.data as ImportMapping;
  const known = { ...fields.fields, ...fields.options };
  const names = [
    ...Object.keys(mapping.columns),
    ...Object.keys(mapping.constants ?? {}),
    ...Object.keys(mapping.transforms ?? {}),
  ];
  for (const name of names) {
    if (!Object.hasOwn(known, name)) {
      const hidden = Object.hasOwn(resource.fields, name) && !resource.import?.fields;
      throw hidden
        ? problem(403, 'forbidden_fields', { fields: [resource.fields[name]!.label] as unknown as Json })
        : problem(422, 'import_unknown_field', { field: name, resource: resource.name });
    }
  }
  if (headers) {
    for (const header of Object.values(mapping.columns)) {
      if (!headers.includes(header)) throw problem(422, 'import_unknown_header', { header });
    }
    kindsContext(mapping.kinds ?? [], headers);
  }
  if (mapping.time_zone !== undefined && !isTimeZone(mapping.time_zone)) {
    throw problem(422, 'unknown_time_zone', { value: mapping.time_zone });
  }
  checkConstants(mapping, known);
  return mapping;
}

/** @throws Problem 422 when nothing, or not the whole natural key, would come out of the file */
export function requireKey(mapping: ImportMapping, { fields, key }: ImportFields, resource: Resource): void {
  if (Object.keys(mapping.columns).length === 0) throw problem(422, 'import_nothing_mapped');
  // Where a record may be there already, what is required of new ones can be absent from the file.
  const required = resource.import?.procedure ? Object.keys(fields).filter((name) => fields[name]!.required) : [];
  for (const name of [...key, ...required]) {
    // Without an id, rows are new records.
    if (name === 'id' && !resource.fields.id) continue;
    const given = mapping.columns[name] !== undefined || mapping.constants?.[name] !== undefined;
    if (!given) throw problem(422, 'import_key_unmapped', { label: fields[name]?.label ?? [name, name] });
  }
}

/** The headers as fields of a predicate: numbers where the condition compares with numbers, else text. */
export function kindsContext(kinds: readonly ImportKind[], headers: readonly string[]): PredicateContext {
  const numeric = new Set<string>();
  for (const { when } of kinds) findNumeric(when, numeric);
  const context: PredicateContext = {
    name: 'import_file',
    fields: Object.fromEntries(
      headers.map((header) => [
        header,
        { type: numeric.has(header) ? 'decimal' : 'text', label: [header, header] as const },
      ]),
    ),
  };
  for (const { when } of kinds) checkPredicate(when, context);
  return context;
}

function findNumeric(node: unknown, numeric: Set<string>): void {
  if (Array.isArray(node)) for (const part of node) findNumeric(part, numeric);
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'and' || key === 'or' || key === 'not') findNumeric(value as Predicate, numeric);
      else if (
        typeof value === 'object' &&
        value !== null &&
        Object.values(value)
          .flat()
          .some((each) => typeof each === 'number')
      ) {
        numeric.add(key);
      }
    }
  }
}

function checkConstants(mapping: ImportMapping, known: { [name: string]: Field }): void {
  const errors: { [field: string]: { key: string; params: Fault['params'] } } = {};
  for (const [name, value] of Object.entries(mapping.constants ?? {})) {
    const parsed = parseFieldValue(known[name]!, value, typeof value === 'string' ? 'text' : 'json');
    if (parsed instanceof Fault)
      errors[`constants.${name}`] = { key: parsed.key, params: { label: known[name]!.label, ...parsed.params } };
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** True when the file has to be read again to show its rows. */
export function sameFormat(a: ImportFormat, b: ImportFormat): boolean {
  return a.encoding === b.encoding && a.delimiter === b.delimiter && a.header === b.header && a.sheet === b.sheet;
}
