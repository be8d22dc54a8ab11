/** What a form changed, and what becomes of it when somebody else changed the same record. Pure. */
import type { Field, Json, MetaResource, PredicateContext, Row } from '../../api/contract.ts';
import type { Moment } from '../../api/predicate.ts';
import { fieldStates } from './field-states.ts';
import { mergeRows } from './rows-merge.ts';

/** Equal as values that travel: order of keys does not matter, null and absent are the same. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return isSame(a ?? null, b ?? null);
}

/** What was not touched is the same object: of a thousand rows only the one that is typed into is gone through. */
function isSame(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, at) => isSame(each, b[at]!));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] ?? null, b[key] ?? null))
  );
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

/** The last result by row: a row that was not touched stays the same object when sent, too. */
const sent = new WeakMap<Row, { fields: { [name: string]: Field }; row: Row }>();

/** A row as it is sent: without what only the form knows of it ("$key"), or only the server writes. */
function sentRow(fields: { [name: string]: Field }, row: Row): Row {
  const made = sent.get(row);
  if (made?.fields === fields) return made.row;
  const known = Object.entries(row).filter(([name]) => name === 'id' || (fields[name] && !fields[name].readonly));
  const result = Object.fromEntries(known.filter(([name, value]) => name !== 'id' || value !== null));
  sent.set(row, { fields, row: result });
  return result;
}

export function sentValue(field: Field, value: Json): Json {
  return field.kind === 'rows' && Array.isArray(value) ? value.map((row) => sentRow(field.fields, row as Row)) : value;
}

/**
 * The values to send: those that differ from `base`. A hidden field is cleared or left, as its definition says; one that
 * is locked for now stays; a blank one is not sent when creating, so that the database's default holds, unless the form
 * began with a default that somebody has cleared.
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
  const states = fieldStates(resource.fields, values, { context, moment });
  for (const name of sendableFields(resource, creating)) {
    const field = resource.fields[name];
    if (!field) continue;
    const value = sentValue(field, values[name] ?? null);
    if (!states.shown(name)) {
      const empty: Json = LISTS.includes(field.kind) ? [] : null;
      if (!creating && field.whenHidden === 'clear' && !isNothing(base[name])) changed[name] = empty;
      continue;
    }
    if (states.locked(name)) continue;
    const said = value !== null || field.default !== undefined;
    if (creating ? said : !sameValue(value, sentValue(field, base[name] ?? null))) changed[name] = value;
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
  lists,
}: {
  base: Row;
  mine: Row;
  theirs: Row;
  fields: readonly string[];
  /** Fields that hold rows of a child table: these merge row by row. */
  lists?: ReadonlySet<string>;
}): Merge {
  const merge: Merge = { merged: { ...theirs }, conflicts: [], theirs: [], mine: [] };
  for (const name of fields) {
    const i_did = !sameValue(mine[name], base[name]);
    const they_did = !sameValue(theirs[name], base[name]);
    const both = i_did && they_did && !sameValue(mine[name], theirs[name]);
    const rows =
      both && lists?.has(name) ? mergeRows(rowsOf(base[name]), rowsOf(mine[name]), rowsOf(theirs[name])) : null;
    if (rows) {
      merge.mine.push(name);
      merge.merged[name] = rows;
    } else if (both) merge.conflicts.push(name);
    else if (i_did) {
      merge.mine.push(name);
      merge.merged[name] = mine[name] ?? null;
    } else if (they_did) merge.theirs.push(name);
  }
  return merge;
}

const isNothing = (value: Json | undefined): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

const rowsOf = (value: Json | undefined): Row[] => (Array.isArray(value) ? (value as Row[]) : []);

/** The values of a new record: defaults, then what the address gives ("/orders/new?customer_id=5"). */
export function blankRecord(resource: MetaResource, search: URLSearchParams): Row {
  const row: Row = {};
  for (const name of sendableFields(resource, true)) {
    const field = resource.fields[name];
    if (!field) continue;
    const given = search.get(name);
    const start = field.kind === 'rows' ? rowsOf(field.default).map(newRow) : (field.default ?? null);
    row[name] = given === null ? start : fromAddress(field, given);
  }
  return row;
}

/**
 * The values of a copy: those of the record, but for what must differ from record to record, and what only the server sets.
 * @param mark put behind the names, so that the two can be told apart
 * @returns `cleared`: the fields that wait for a value of their own
 */
export function copiedRecord(
  resource: MetaResource,
  record: Row,
  mark: (text: string, lang: 0 | 1) => string,
): { row: Row; cleared: string[] } {
  const row: Row = {};
  const cleared: string[] = [];
  const titles = [resource.title].flat();
  for (const name of sendableFields(resource, true)) {
    const field = resource.fields[name];
    if (!field) continue;
    const value = record[name] ?? null;
    if (field.kind === 'password' || (field.unique && value !== null)) {
      row[name] = null;
      cleared.push(name);
    } else if (field.kind === 'rows' && Array.isArray(value)) {
      row[name] = value.map((each) => newRow({ ...sentRow(field.fields, each as Row), id: null }));
    } else if (titles.includes(name) && field.kind === 'text' && typeof value === 'string') {
      const marked = mark(value, titles.indexOf(name) as 0 | 1);
      row[name] = field.max !== undefined && marked.length > field.max ? value : marked;
    } else row[name] = value;
  }
  return { row, cleared };
}

/** A row that is not saved yet, with a name of its own so that the form can tell it from others. */
export function newRow(values: Row): Row {
  const { id: _id, ...rest } = values;
  return { ...rest, $key: crypto.randomUUID() };
}

function fromAddress(field: Field, text: string): Json {
  if (['ref', 'integer', 'points'].includes(field.kind)) return /^-?\d+$/.test(text) ? Number(text) : null;
  if (field.kind === 'refs') return [...new Set(text.split(',').filter((id) => /^\d+$/.test(id)))].map(Number);
  if (field.kind === 'boolean') return text === 'true';
  return ['items', 'rows', 'predicate', 'layout', 'json', 'choices', 'tags'].includes(field.kind) ? null : text;
}
