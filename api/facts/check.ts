/** An order, a return or an event as somebody sent it: every fault at once, each under its path ("lines.2.quantity"). */
import type { Field, Row } from '../contract.ts';
import { parseFieldValue } from '../validate.ts';
import { Fault, requiredFault } from '../values/fault.ts';
import { faultsAt, isMissing, parserOf, unknownField } from '../values/parse-value.ts';
import { EVENT_FIELDS, EVENT_KINDS, EVENT_SAYS } from './fields.ts';

export type FactKind = 'orders' | 'returns' | 'events';
export interface CheckedFact {
  values: Row;
  /** Empty when the fact may be offered to the database. */
  faults: Map<string, Fault>;
}

/** Outside these nobody bought anything: a wrong unit (seconds, milliseconds) lands far away. */
const EARLIEST = '1900-01-01T00:00:00.000Z';
const LATEST = '2200-01-01T00:00:00.000Z';

/** @param time_zone of times without an offset */
export function checkFact(
  kind: FactKind,
  fields: { [name: string]: Field },
  input: unknown,
  time_zone: string,
): CheckedFact {
  const faults = new Map<string, Fault>();
  const values: Row = {};
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    faults.set('', new Fault('not_an_object', { label: ['内容', 'The entry'] }));
    return { values, faults };
  }
  const given = input as { [name: string]: unknown };
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(fields, name) && faults.size < 100) faults.set(name, unknownField(name, Object.keys(fields)));
  }
  for (const [name, field] of Object.entries(fields)) {
    const value = givenValue(field, given[name], time_zone);
    if (value instanceof Fault) for (const [path, fault] of faultsAt(name, field.label, value)) faults.set(path, fault);
    else if (field.required && isMissing(value)) faults.set(name, requiredFault(field));
    else values[name] = value;
  }
  if (kind === 'orders') checkLines(values, faults);
  else if (kind === 'returns') checkReturn(values, faults);
  else checkEvent(values, faults);
  return { values, faults };
}

function givenValue(field: Field, raw: unknown, time_zone: string) {
  if (raw === undefined || raw === null || raw === '') return field.default ?? null;
  // Any offset, or none: then the programme's zone. JSON from forms is stricter.
  const parsed =
    field.kind === 'datetime' ? parserOf(field, 'text')(raw, { time_zone }) : parseFieldValue(field, raw, 'json');
  if (field.kind === 'datetime' && typeof parsed === 'string' && (parsed < EARLIEST || parsed > LATEST)) {
    return new Fault('out_of_range');
  }
  return parsed;
}

function checkLines(values: Row, faults: Map<string, Fault>): void {
  const lines = values.lines;
  if ([...faults.keys()].some((path) => path === 'lines' || path.startsWith('lines.'))) return;
  if (!Array.isArray(lines) || lines.length === 0) {
    faults.set('lines', new Fault('lines_needed'));
    return;
  }
  for (const [at, line] of lines.entries()) {
    const { unit_price, amount } = line as Row;
    if (isMissing(unit_price) && isMissing(amount)) faults.set(`lines.${at}.unit_price`, new Fault('price_required'));
  }
}

/** What is returned must be clear: a line and how much of it, of an order; or an amount, of an order or a customer. */
function checkReturn(values: Row, faults: Map<string, Fault>): void {
  const has = (name: string) => !isMissing(values[name]) && !faults.has(name);
  if (!has('order_external_id') && !has('customer_external_id') && !faults.has('order_external_id')) {
    faults.set('order_external_id', new Fault('what_is_returned'));
  }
  if (has('quantity') && !has('line_no') && !has('sku')) faults.set('sku', new Fault('return_line_needed'));
  if (!has('order_external_id') && (has('line_no') || has('quantity'))) {
    faults.set('order_external_id', new Fault('return_order_needed'));
  }
}

/** A kind says what belongs to it and nothing else, so that a slip of the sender is not stored as silence. */
function checkEvent(values: Row, faults: Map<string, Fault>): void {
  const kind = values.kind as string | undefined;
  const says = kind === undefined ? undefined : EVENT_SAYS[kind];
  if (!says) return;
  const always = ['source', 'external_id', 'kind', 'customer_external_id', 'occurred_at', 'channel'];
  const { may, must = [] } = says;
  for (const [name, field] of Object.entries(EVENT_FIELDS)) {
    if (faults.has(name)) continue;
    const missing = isMissing(values[name]);
    if (missing && must.includes(name)) faults.set(name, requiredFault(field));
    if (!missing && ![...always, ...may, ...must].includes(name))
      faults.set(name, new Fault('not_of_this_kind', { label: field.label, kind: EVENT_KINDS[kind!]! }));
  }
  const about = (name: string) => !isMissing(values[name]) || faults.has(name);
  if (kind === 'review' && !about('order_external_id') && !about('sku'))
    faults.set('order_external_id', new Fault('review_of_what'));
  if (about('order_source') && !about('order_external_id')) faults.set('order_external_id', new Fault('order_needed'));
}
