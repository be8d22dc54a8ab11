/**
 * A record before it is saved: every field parsed, required, frozen and hidden fields, rules across fields.
 * Answers with all faults at once, in no language yet. The database stays the last word (unique, references).
 */
import type { Field, Json, Resource, Row } from './contract.ts';
import type { FieldFault } from './errors.ts';
import { predicateFields } from './predicate/fields.ts';
import { evaluatePredicate, type Moment } from './predicate.ts';
import { resourceContext } from './records/resource-context.ts';
import { isSameValue } from './records/same-value.ts';
import { applyConditions, hasFault } from './values/conditions.ts';
import { Fault, requiredFault } from './values/fault.ts';
import { mergeRows } from './values/merge-rows.ts';
import {
  faultsAt,
  isList,
  isMissing,
  parseFieldValue,
  parserOf,
  type Source,
  type Surroundings,
  unknownField,
} from './values/parse-value.ts';

export { resourceContext as contextOf } from './records/resource-context.ts';
export { Fault } from './values/fault.ts';
export { parseFieldValue } from './values/parse-value.ts';

export interface ValidateOptions extends Surroundings {
  resource: Resource;
  input: { readonly [field: string]: unknown };
  /** `import` reads texts as files write them, and otherwise is like `create`. */
  mode: 'create' | 'update' | 'import';
  /** Overrides how texts are read, e.g. an import that updates. */
  source?: Source;
  /** Update: the record as it is, as it travels. */
  current?: Row;
  /** The resource's own and custom fields; its own when absent. */
  fields?: { [name: string]: Field };
  /** For rules that say $now, $today or $me. */
  moment?: Moment;
}

/**
 * @returns `values` to write: what was given, parsed; on create also the defaults; hidden fields that are to be cleared.
 *   Not to be used while `errors` has keys. Keys of errors are fields, "rules.2.condition" inside lists.
 */
export function validateRecord(options: ValidateOptions): { values: Row; errors: { [field: string]: FieldFault } } {
  const { resource, input, mode, current = {}, fields = resource.fields } = options;
  const faults = new Map<string, Fault>();
  const values = parseInput(options, fields, faults);
  const whole: Row = mode === 'update' ? { ...current, ...values } : values;
  const context = fields === resource.fields ? resourceContext(resource) : resourceContext({ ...resource, fields });
  const moment = options.moment ?? presentMoment();

  applyConditions(
    {
      fields,
      values,
      whole,
      before: mode === 'update' ? current : undefined,
      context,
      moment,
      prefix: '',
      asked: (name, field) =>
        mode !== 'update' ||
        Object.hasOwn(input, name) ||
        field.showWhen !== undefined ||
        field.requiredWhen !== undefined,
    },
    faults,
  );

  const errors: { [field: string]: FieldFault } = {};
  const report = (name: string, error: FieldFault) => {
    // Not by assignment: a field may be called __proto__ by whoever sends it.
    if (!Object.hasOwn(errors, name)) Object.defineProperty(errors, name, { value: error, enumerable: true });
  };
  for (const [name, { key, params }] of faults) report(name, { key, params });
  for (const rule of resource.rules ?? []) {
    // A rule over a field that is wrong already would only say it twice.
    if ([rule.field, ...predicateFields(rule.when)].some((name) => hasFault(faults, name))) continue;
    if (evaluatePredicate(rule.when, context, whole, moment)) continue;
    report(rule.field, { key: `rule.${rule.name}`, message: rule.message });
  }
  return { values, errors };
}

function parseInput(options: ValidateOptions, fields: { [name: string]: Field }, faults: Map<string, Fault>): Row {
  const { input, mode, current = {}, source = mode === 'import' ? 'text' : 'json' } = options;
  const values: Row = {};
  for (const [name, raw] of Object.entries(input)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) {
      if (faults.size < 100) faults.set(name, unknownField(name, Object.keys(fields)));
      continue;
    }
    if (field.readonly) {
      faults.set(name, new Fault('readonly', { label: field.label }));
      continue;
    }
    const listed = field.kind === 'rows' ? mergeRows(field, raw, (current[name] ?? []) as Row[]) : null;
    for (const [path, fault] of listed?.faults ?? []) faults.set(`${name}.${path}`, fault);
    const value = parseFieldValue(field, listed ? listed.rows : raw, source, options);
    if (value instanceof Fault) for (const [path, fault] of faultsAt(name, field.label, value)) faults.set(path, fault);
    else if (field.frozen && mode === 'update' && !isSameValue(field, value, current[name])) {
      faults.set(name, new Fault('frozen', { label: field.label }));
    } else values[name] = value;
  }
  if (mode === 'update') return values;
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined && input[name] === undefined && !field.readonly) values[name] = field.default;
  }
  return values;
}

function presentMoment(): Moment {
  const now = new Date().toISOString();
  return { now, today: now.slice(0, 10), me: null, time_zone: 'UTC' };
}

export interface ParsedRow {
  /** In the order of the fields. */
  values: Json[];
  /** By field; null when all is well. */
  faults: Map<string, Fault> | null;
}

/**
 * Many rows of texts with the same columns, e.g. of a file. No rules across fields, nothing compared with stored records.
 * @returns a function from the cells, in the order of `fields`, to their values
 */
export function compileRow(
  fields: { [name: string]: Field },
  surroundings: Surroundings = {},
): (cells: readonly unknown[]) => ParsedRow {
  const columns = Object.entries(fields).map(([name, field]) => ({ name, field, parse: parserOf(field, 'text') }));
  return (cells) => {
    let faults: Map<string, Fault> | null = null;
    const values = new Array<Json>(columns.length);
    for (let at = 0; at < columns.length; at++) {
      const { name, field, parse } = columns[at]!;
      const raw = cells[at];
      const empty = raw === undefined || raw === null || raw === '';
      const value = empty ? (field.default ?? (isList(field) ? [] : null)) : parse(raw, surroundings);
      if (!(value instanceof Fault) && !(field.required && isMissing(value))) {
        values[at] = value;
        continue;
      }
      values[at] = null;
      faults ??= new Map();
      const fault = value instanceof Fault ? value : requiredFault(field);
      for (const [path, part] of faultsAt(name, field.label, fault)) faults.set(path, part);
    }
    return { values, faults };
  };
}
