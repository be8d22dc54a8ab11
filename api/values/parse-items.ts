/** Lists of small records: items in one column, rows of a child table. Every fault stands under its path ("2.condition"). */
import type { Field, Json } from '../contract.ts';
import { Fault, requiredFault } from './fault.ts';
import { faultsAt, isMissing, type Parser, parseFieldValue, type Surroundings, unknownField } from './parse-value.ts';

const ITEMS_MAX = 200;
const ROWS_MAX = 2_000;

type Raw = { [name: string]: unknown };
type Listed = Field & { kind: 'items' | 'rows' };

export function itemsParser(field: Listed): Parser {
  const max = field.max ?? (field.kind === 'rows' ? ROWS_MAX : ITEMS_MAX);
  return (raw, surroundings) => {
    if (!Array.isArray(raw)) return new Fault('not_a_list');
    if (raw.length > max) return new Fault('too_many', { max });
    const parts: [string, Fault][] = [];
    const items = raw.map((item: unknown, at) => {
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        parts.push([String(at), new Fault('not_an_object')]);
        return null;
      }
      const { values, faults } = parseItem(field, item as Raw, surroundings);
      for (const [name, fault] of faults) parts.push([`${at}.${name}`, fault]);
      return values;
    });
    parts.push(...repeated(field, items));
    return parts.length > 0 ? new Fault('invalid', {}, parts) : items;
  };
}

function parseItem({ kind, fields }: Listed, item: Raw, surroundings: Surroundings) {
  const faults: [string, Fault][] = [];
  const values: { [name: string]: Json } = {};
  for (const name of Object.keys(item)) {
    if (kind === 'rows' && name === 'id') continue;
    if (!Object.hasOwn(fields, name)) faults.push([name, unknownField(name, Object.keys(fields))]);
    else if (fields[name]!.readonly) faults.push([name, new Fault('readonly', { label: fields[name]!.label })]);
  }
  if (kind === 'rows' && item.id !== undefined && item.id !== null) {
    if (Number.isSafeInteger(item.id)) values.id = item.id as number;
    else faults.push(['id', new Fault('not_an_integer', { label: ['编号', 'ID'] })]);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.readonly) continue;
    const raw = Object.hasOwn(item, name) ? item[name] : field.default;
    const value = parseFieldValue(field, raw, 'json', surroundings);
    // Whether a field that is not always shown may be empty, the whole record tells.
    const asked = field.required && field.showWhen === undefined;
    if (value instanceof Fault) faults.push(...faultsAt(name, field.label, value));
    else if (isMissing(value) && asked) faults.push([name, requiredFault(field)]);
    else values[name] = value;
  }
  return { values, faults };
}

/** A unique field differs from row to row, and no row comes twice. */
function repeated({ kind, fields }: Listed, items: readonly (Raw | null)[]): [string, Fault][] {
  const names = Object.keys(fields).filter((name) => fields[name]!.unique);
  if (kind === 'rows') names.push('id');
  return names.flatMap((name) => {
    const seen = new Set<string>();
    return items.flatMap((item, at): [string, Fault][] => {
      const value = item?.[name];
      if (value === undefined || value === null) return [];
      const key = JSON.stringify(value);
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      const label = name === 'id' ? (['编号', 'ID'] as const) : fields[name]!.label;
      return [[`${at}.${name}`, new Fault('repeated', { label })]];
    });
  });
}
