/**
 * From a predicate to its plan: operands resolved against a moment, convenience operators spelled out as a handful of
 * tests. The evaluator and the SQL compiler both read the plan, so each has only these few tests to get right.
 *
 * Every test on a null value is false, except `null`.
 */
import type { Operand, Predicate, PredicateContext, ValueType } from '../contract.ts';
import { fieldOf, LIMITS, PredicateError } from './error.ts';
import { dayStart, foldCase, readDate, readDecimal, readTime, shiftDate, shiftTime } from './values.ts';

/** What a predicate takes from its surroundings: `now` RFC 3339, `today` the programme's day, `me` a user id or null, `time_zone` an IANA name. */
export interface Moment {
  now: string;
  today: string;
  me: number | null;
  time_zone: string;
}

export type Compare = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte';
/** A constant in canonical form (values.ts); integers stay numbers. */
export type Constant = string | number | boolean;
type List = 'list' | 'ids';
type Scalar = Exclude<ValueType, List>;

export type Plan =
  | { test: 'and' | 'or'; parts: Plan[] }
  | { test: 'not'; part: Plan }
  | { test: 'never' }
  | { test: 'null' | 'notNull'; field: string; type: ValueType }
  | { test: Compare; field: string; type: Scalar; value: Constant }
  | { test: 'compare_field'; how: Compare; field: string; type: Scalar; other: string; other_type: Scalar }
  /** Equal to one of the values; different from them all. */
  | { test: 'any' | 'none'; field: string; type: Scalar; values: Constant[] }
  /** `text` is case-folded already. */
  | { test: 'contains' | 'contains_not' | 'starts' | 'ends'; field: string; text: string }
  /** The list shares an element with the values, or holds the value of another field. */
  | { test: 'overlaps'; field: string; type: List; values: Constant[] }
  | { test: 'has_field'; field: string; type: List; other: string };

const NEVER: Plan = { test: 'never' };
const MATCHES = { like: 'contains', nlike: 'contains_not', sw: 'starts', ew: 'ends' } as const;

/** @param predicate one that passed checkPredicate in this context; throws PredicateError where it evidently has not. */
export function planPredicate(predicate: Predicate, context: PredicateContext, moment: Moment): Plan {
  return planNode(predicate, context, moment, 1);
}

function planNode(node: Predicate, context: PredicateContext, moment: Moment, depth: number): Plan {
  if (depth > LIMITS.depth) throw unchecked('nesting');
  const parts: Plan[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === 'not') parts.push({ test: 'not', part: planNode(value as Predicate, context, moment, depth + 1) });
    else if (key === 'and' || key === 'or') {
      parts.push({
        test: key,
        parts: (value as Predicate[]).map((part) => planNode(part, context, moment, depth + 1)),
      });
    } else {
      const type = fieldOf(context, key)?.type;
      if (!type) throw unchecked(key);
      for (const [operator, operand] of Object.entries(value as object)) {
        parts.push(planComparison({ field: key, type, context, moment }, operator, operand));
      }
    }
  }
  return parts.length === 1 ? parts[0]! : { test: 'and', parts };
}

interface Subject {
  field: string;
  type: ValueType;
  context: PredicateContext;
  moment: Moment;
}

function planComparison(subject: Subject, operator: string, operand: unknown): Plan {
  const { field, type } = subject;
  switch (operator) {
    case 'null':
    case 'notNull':
      return { test: operator, field, type };
    case 'like':
    case 'nlike':
    case 'sw':
    case 'ew':
      return { test: MATCHES[operator], field, text: foldCase(operand as string) };
    case 'has':
      return planList(subject, [operand as Operand]);
    case 'overlaps':
      return planList(subject, operand as Operand[]);
    case 'between': {
      const [from, to] = operand as [Operand, Operand];
      return { test: 'and', parts: [planCompare(subject, 'gte', from), planCompare(subject, 'lte', to)] };
    }
    case 'in':
    case 'nin':
      return planSet(subject, operator, operand as Operand[]);
    case 'eq':
    case 'ne':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return planCompare(subject, operator, operand as Operand);
    default:
      throw unchecked(operator);
  }
}

/** `in` is an `or` of eq, `nin` an `and` of ne: a null among the values matches nothing, and makes `nin` false. */
function planSet(subject: Subject, operator: 'in' | 'nin', operands: readonly Operand[]): Plan {
  const values: Constant[] = [];
  const others: Plan[] = [];
  for (const operand of operands) {
    const plan = planCompare(subject, operator === 'in' ? 'eq' : 'ne', operand);
    if (plan.test === 'eq' || plan.test === 'ne') values.push(plan.value);
    else others.push(plan);
  }
  const plain: Plan = {
    test: operator === 'in' ? 'any' : 'none',
    field: subject.field,
    type: subject.type as Scalar,
    values,
  };
  return others.length === 0 ? plain : { test: operator === 'in' ? 'or' : 'and', parts: [plain, ...others] };
}

function planList({ field, type: of, context, moment }: Subject, operands: readonly Operand[]): Plan {
  const type = of as List;
  const values: Constant[] = [];
  const others: Plan[] = [];
  for (const operand of operands) {
    if (operand === null) continue;
    if (typeof operand === 'object' && '$field' in operand) {
      if (!fieldOf(context, operand.$field)) throw unchecked(operand.$field);
      others.push({ test: 'has_field', field, type, other: operand.$field });
      continue;
    }
    const value = resolve(operand, type === 'ids' ? 'integer' : 'text', moment);
    if (typeof value === (type === 'ids' ? 'number' : 'string')) values.push(value!);
    else if (value !== null) throw unchecked(field);
  }
  const plain: Plan = { test: 'overlaps', field, type, values };
  return others.length === 0 ? plain : { test: 'or', parts: [plain, ...others] };
}

function planCompare(subject: Subject, how: Compare, operand: Operand): Plan {
  const { field, context, moment } = subject;
  const type = subject.type as Scalar;
  if (operand === null) return NEVER;
  if (typeof operand === 'object' && '$field' in operand) {
    const other = fieldOf(context, operand.$field);
    if (!other) throw unchecked(operand.$field);
    return { test: 'compare_field', how, field, type, other: operand.$field, other_type: other.type as Scalar };
  }
  const day = type === 'time' ? resolveDay(operand, moment) : null;
  if (day !== null) return planDay(subject, how, day);
  const value = resolve(operand, type, moment);
  return value === null ? NEVER : { test: how, field, type, value };
}

/** A day compared with a time means the whole day in the programme's zone: `lte` includes its last instant. */
function planDay({ field, moment }: Subject, how: Compare, day: string): Plan {
  const next = shiftDate(day, 1);
  const start = dayStart(day, moment.time_zone);
  const end = next && dayStart(next, moment.time_zone);
  if (start === null || end === null) return NEVER;
  const at = (test: Compare, value: string): Plan => ({ test, field, type: 'time', value });
  if (how === 'eq') return { test: 'and', parts: [at('gte', start), at('lt', end)] };
  if (how === 'ne') return { test: 'or', parts: [at('lt', start), at('gte', end)] };
  if (how === 'gt' || how === 'lte') return at(how === 'gt' ? 'gte' : 'lt', end);
  return at(how, start);
}

const TOKEN = /^\$(me|now|today)(?:([+-]\d{1,5})([mhdw]))?$/;
const MINUTES = { m: 1, h: 60, d: 1_440, w: 10_080 };

function resolveDay(operand: Operand, { today }: Moment): string | null {
  const token = typeof operand === 'string' ? TOKEN.exec(operand) : null;
  if (token?.[1] === 'today') return shiftDate(today, Number(token[2] ?? 0) * (token[3] === 'w' ? 7 : 1));
  return readDate(operand);
}

function resolve(operand: Exclude<Operand, null>, type: Scalar, moment: Moment): Constant | null {
  if (typeof operand === 'object') return '$text' in operand ? operand.$text : null;
  const token = typeof operand === 'string' ? TOKEN.exec(operand) : null;
  if (token?.[1] === 'me') return moment.me;
  switch (type) {
    case 'date':
      return resolveDay(operand, moment);
    case 'time': {
      if (token?.[1] !== 'now') return readTime(operand);
      const now = readTime(moment.now);
      return now && shiftTime(now, Number(token[2] ?? 0) * MINUTES[(token[3] ?? 'm') as keyof typeof MINUTES]);
    }
    case 'decimal':
      return readDecimal(operand);
    default:
      return operand;
  }
}

function unchecked(name: string): PredicateError {
  return new PredicateError('', 'unchecked', { name });
}
