/** What a form changed, and what becomes of it when somebody else changed the same record. Pure. */
import type { Field, Json, MetaResource, Predicate, PredicateContext, Row } from '../../api/contract.ts';
import { evaluatePredicate, type Moment } from '../../api/predicate.ts';

/** Equal as values that travel: order of keys does not matter, null and absent are the same. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return print(a ?? null) === print(b ?? null);
}

function print(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(print).join()}]`;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${print(value[key] ?? null)}`)
    .join()}}`;
}

/** Kinds whose values are lists: nothing is an empty one. */
const LISTS: readonly string[] = ['tags', 'choices', 'refs', 'items', 'rows'];

/** Fields that a form may send: writable, not set by the server, and when editing not frozen. */
export function sendableFields(resource: MetaResource, creating: boolean): string[] {
  return Object.entries(resource.fields)
    .filter(([name, field]) => {
      if (field.readonly || resource.field_access[name]?.write === false) return false;
      return creating || !field.frozen;
    })
    .map(([name]) => name);
}

export function isShown(field: Field, values: Row, context: PredicateContext, moment: Moment): boolean {
  return !field.showWhen || evaluatePredicate(field.showWhen as Predicate, context, values, moment);
}

/**
 * The values to send: those that differ from `base`. A hidden field is cleared or left, as its definition says;
 * a blank one is not sent when creating, so that the server's default holds.
 */
export function changedValues({
  resource,
  base,
  values,
  creating,
  context,
  moment,
}: {
  resource: MetaResource;
  base: Row;
  values: Row;
  creating: boolean;
  context: PredicateContext;
  moment: Moment;
}): Row {
  const changed: Row = {};
  for (const name of sendableFields(resource, creating)) {
    const field = resource.fields[name];
    if (!field) continue;
    const value = values[name] ?? null;
    if (!isShown(field, values, context, moment)) {
      const empty: Json = LISTS.includes(field.kind) ? [] : null;
      if (!creating && field.whenHidden === 'clear' && !sameValue(base[name] ?? empty, empty)) changed[name] = empty;
      continue;
    }
    if (creating ? value !== null : !sameValue(value, base[name])) changed[name] = value;
  }
  return changed;
}

export interface Merge {
  /** Their record with my changes on top; of a conflict, theirs until decided. */
  merged: Row;
  /** Both changed it, to different values. */
  conflicts: string[];
  /** Only they changed it. */
  theirs: string[];
  /** Only I changed it, or both did to the same value. */
  mine: string[];
}

/** Three-way merge by field: `base` is what the form was opened with. */
export function mergeRecords({
  base,
  mine,
  theirs,
  fields,
}: {
  base: Row;
  mine: Row;
  theirs: Row;
  fields: readonly string[];
}): Merge {
  const merge: Merge = { merged: { ...theirs }, conflicts: [], theirs: [], mine: [] };
  for (const name of fields) {
    const i_did = !sameValue(mine[name], base[name]);
    const they_did = !sameValue(theirs[name], base[name]);
    if (i_did && they_did && !sameValue(mine[name], theirs[name])) merge.conflicts.push(name);
    else if (i_did) {
      merge.mine.push(name);
      merge.merged[name] = mine[name] ?? null;
    } else if (they_did) merge.theirs.push(name);
  }
  return merge;
}

/** The values of a new record: defaults, then what the address gives ("/orders/new?customer_id=5"). */
export function blankRecord(resource: MetaResource, search: URLSearchParams): Row {
  const row: Row = {};
  for (const name of sendableFields(resource, true)) {
    const field = resource.fields[name];
    if (!field) continue;
    const given = search.get(name);
    row[name] = given === null ? (field.default ?? null) : fromAddress(field, given);
  }
  return row;
}

function fromAddress(field: Field, text: string): Json {
  if (['ref', 'integer', 'points'].includes(field.kind)) return /^-?\d+$/.test(text) ? Number(text) : null;
  if (field.kind === 'refs') return [...new Set(text.split(',').filter((id) => /^\d+$/.test(id)))].map(Number);
  if (field.kind === 'boolean') return text === 'true';
  return ['items', 'predicate', 'json', 'choices', 'tags'].includes(field.kind) ? null : text;
}
