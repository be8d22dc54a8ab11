/** Whether two wire values of a field are the same thing, however they are spelled: "5" and "5.00", "…00Z" and "…00.000Z". */
import type { Field, Json, Row } from '../contract.ts';
import { readDecimal, readTime } from '../predicate/values.ts';

export function isSameValue(field: Field, left: Json | undefined, right: Json | undefined): boolean {
  const nothing = LISTS.has(field.kind) ? [] : null;
  const [a, b] = [left ?? nothing, right ?? nothing];
  if (a === b) return true;
  if (a === null || b === null) return false;
  switch (field.kind) {
    case 'money':
    case 'decimal':
    case 'rate':
      return readDecimal(a) === readDecimal(b);
    case 'datetime': {
      const [one, other] = [readTime(a), readTime(b)];
      // Milliseconds travel; what the database keeps beyond them is not a change.
      return one !== null && other !== null && one.slice(0, 23) === other.slice(0, 23);
    }
    case 'items':
      return Array.isArray(a) && Array.isArray(b) && areSameItems(field.fields, a as Row[], b as Row[]);
    case 'rows':
      return Array.isArray(a) && Array.isArray(b) && areSameRows(field.fields, a as Row[], b as Row[]);
    default:
      return spelled(a) === spelled(b);
  }
}

/** Lists have no null: nothing chosen is []. */
const LISTS = new Set<Field['kind']>(['choices', 'tags', 'refs', 'rows']);

/** The same records, in the same order; a field that one of them does not mention is empty. */
function areSameItems(fields: { [name: string]: Field }, a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((item, at) => isSameRow(fields, item, b[at]!));
}

/** The same rows, in the same order; what only the server writes is not looked at. */
function areSameRows(fields: { [name: string]: Field }, a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, at) => row.id === b[at]!.id && isSameRow(fields, row, b[at]!));
}

export function isSameRow(fields: { [name: string]: Field }, a: Row, b: Row): boolean {
  return Object.entries(fields).every(([name, field]) => field.readonly || isSameValue(field, a[name], b[name]));
}

/** JSON with the keys of objects in order, as jsonb does not keep theirs. */
function spelled(value: Json): string {
  return JSON.stringify(value, (_, part: Json) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
