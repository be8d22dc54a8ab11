/** What can be told to be wrong while somebody types: what is missing, numbers out of their bounds, rules, sums. Pure. */
import {
  type Field,
  howGiven,
  type Json,
  type MetaResource,
  type Pair,
  type PredicateContext,
} from '../../api/contract.ts';
import { evaluatePredicate, type Moment, ruleFields } from '../../api/predicate.ts';
import type { TextKey } from '../i18n/index.ts';
import type { FieldStates } from './field-states.ts';

export type LiveFault = { key: TextKey; params?: { [name: string]: string | Pair } } | { message: Pair };

/**
 * Faults by path ("name", "lines.2.amount").
 * @param touched the fields that somebody has left; a rule speaks up when one of its fields was
 */
export function liveFaults({
  resource,
  states,
  touched,
  writable,
  context,
  moment,
}: {
  resource: MetaResource;
  states: FieldStates;
  touched: ReadonlySet<string>;
  writable(name: string): boolean;
  context: PredicateContext;
  moment: Moment;
}): { [path: string]: LiveFault } {
  const faults: { [path: string]: LiveFault } = {};
  const values = states.effective;
  for (const name of touched) {
    const field = resource.fields[name];
    if (!field || !states.shown(name) || !writable(name) || states.locked(name)) continue;
    const fault = valueFault(field, values[name] ?? null, states.required(name));
    if (fault) faults[name] = fault;
  }
  for (const rule of resource.rules ?? []) {
    const names = [rule.field, ...ruleFields(rule.when)];
    if (!names.some((name) => touched.has(name)) || names.some((name) => faults[name])) continue;
    if (!states.shown(rule.field) || evaluatePredicate(rule.when, context, values, moment)) continue;
    faults[rule.field] = { message: rule.message };
  }
  return faults;
}

/** What is wrong with one value by itself, as far as the form can tell. */
export function valueFault(field: Field, value: Json, required: boolean): LiveFault | null {
  const { label } = field;
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) {
    if (!required) return null;
    const how = howGiven(field.kind);
    return { key: how ? `live.required_${how}` : 'live.required', params: { label } };
  }
  if (!NUMBERS.includes(field.kind)) return null;
  const number = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(number)) return { key: 'live.not_a_number', params: { label } };
  const min = 'min' in field && field.min !== undefined ? String(field.min) : field.kind === 'rate' ? '0' : null;
  const max = 'max' in field && field.max !== undefined ? String(field.max) : field.kind === 'rate' ? '1' : null;
  if (min !== null && !compares(number, 'gte', min)) {
    return { key: 'live.too_small', params: { label, min: field.kind === 'rate' ? '0%' : min } };
  }
  if (max !== null && !compares(number, 'lte', max)) {
    return { key: 'live.too_large', params: { label, max: field.kind === 'rate' ? '100%' : max } };
  }
  return null;
}

const NUMBERS: Field['kind'][] = ['integer', 'points', 'decimal', 'money', 'rate'];
const NUMBER: PredicateContext = { name: 'number', fields: { number: { type: 'decimal', label: ['', ''] } } };
const NEVER: Moment = { now: '', today: '', me: null, time_zone: 'UTC' };

/** Decimals compared exactly, by the same evaluator as rules. */
function compares(number: string, how: 'gte' | 'lte', bound: string): boolean {
  return evaluatePredicate({ number: { [how]: bound } }, NUMBER, { number }, NEVER);
}
