/** What fields ask for under the values beside them: hidden, required or unchangeable for now; at the top and inside lists. */
import type { Field, Json, PredicateContext, Row } from '../contract.ts';
import { evaluatePredicate, type Moment } from '../predicate.ts';
import { fieldsContext } from '../records/resource-context.ts';
import { isSameValue } from '../records/same-value.ts';
import { Fault, requiredFault } from './fault.ts';
import { isList, isMissing } from './parse-value.ts';

export interface Place {
  fields: { [name: string]: Field };
  /** What is to be written; hidden fields are cleared in it. */
  values: Row;
  /** The values that conditions see: the whole record, and over it the row of a list. */
  whole: Row;
  /** As it was; absent for what is new. */
  before?: Row;
  context: PredicateContext;
  moment: Moment;
  /** "rules.2." inside a list. */
  prefix: string;
  /** Whether a missing value is a fault of this request. */
  asked(name: string, field: Field): boolean;
}

/** Adds the faults of the place and of the lists in it; those that hidden fields have are taken away. */
export function applyConditions(place: Place, faults: Map<string, Fault>): void {
  const { fields, values, whole, before, prefix } = place;
  const holds = (condition: Field['showWhen']) => evaluatePredicate(condition!, place.context, whole, place.moment);
  for (const [name, field] of Object.entries(fields)) {
    const path = `${prefix}${name}`;
    if (field.showWhen && !holds(field.showWhen)) {
      if (field.whenHidden !== 'clear') continue;
      if (!isMissing(whole[name])) values[name] = whole[name] = isList(field) ? [] : null;
      // A value nobody could see cannot be missing, and one that is cleared cannot be wrong.
      forget(faults, path);
      continue;
    }
    if (field.readonly || hasFault(faults, path)) continue;
    const start = before ? before[name] : field.default;
    if (
      field.readonlyWhen &&
      !isSameValue(field, whole[name] ?? empty(field), start ?? empty(field)) &&
      holds(field.readonlyWhen)
    ) {
      faults.set(path, new Fault('readonly_now', { label: field.label }));
      continue;
    }
    const required = field.required || (field.requiredWhen !== undefined && holds(field.requiredWhen));
    if (required && isMissing(whole[name]) && place.asked(name, field)) {
      faults.set(path, requiredFault(field));
    }
    if ((field.kind === 'items' || field.kind === 'rows') && Object.hasOwn(values, name)) {
      applyInside(place, { name, field, value: values[name]! }, faults);
    }
  }
}

function applyInside(
  place: Place,
  { name, field, value }: { name: string; field: Field & { kind: 'items' | 'rows' }; value: Json },
  faults: Map<string, Fault>,
): void {
  const conditional = Object.values(field.fields).some(
    (part) => part.showWhen || part.readonlyWhen || part.requiredWhen,
  );
  if (!conditional || !Array.isArray(value)) return;
  const own = fieldsContext(name, field.fields);
  const context = { name, fields: { ...place.context.fields, ...own.fields } };
  const known = new Map(((place.before?.[name] ?? []) as Row[]).map((row) => [row.id, row]));
  for (const [at, row] of (value as Row[]).entries()) {
    const inside: Place = {
      fields: field.fields,
      values: row,
      whole: { ...place.whole, ...row },
      context,
      moment: place.moment,
      prefix: `${place.prefix}${name}.${at}.`,
      before: field.kind === 'rows' ? known.get(row.id ?? null) : undefined,
      asked: () => true,
    };
    applyConditions(inside, faults);
  }
}

function empty(field: Field): Json {
  return isList(field) ? [] : null;
}

/** True for the field itself and for anything inside it. */
export function hasFault(faults: ReadonlyMap<string, Fault>, name: string): boolean {
  if (faults.has(name)) return true;
  for (const path of faults.keys()) if (path.startsWith(`${name}.`)) return true;
  return false;
}

function forget(faults: Map<string, Fault>, name: string): void {
  for (const path of faults.keys()) if (path === name || path.startsWith(`${name}.`)) faults.delete(path);
}
