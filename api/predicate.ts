/**
 * Conditions as data: check them, decide a row, say them in words. Shared by the API and the browser; this and its
 * parts in predicate/ import nothing but the contract's types, and each other. The SQL twin is predicate-sql.ts.
 */
import type { Json, Predicate, PredicateContext, Row, ValueType } from './contract.ts';
import { type Compare, type Constant, type Moment, type Plan, planPredicate } from './predicate/plan.ts';
import { compareDecimal, compareText, foldCase, readDate, readDecimal, readTime } from './predicate/values.ts';

export { checkPredicate, operatorsOf } from './predicate/check.ts';
export { LIMITS, PredicateError } from './predicate/error.ts';
export { predicateFields as ruleFields, recordFields } from './predicate/fields.ts';
export type { Moment } from './predicate/plan.ts';
export { printPredicate } from './predicate/print.ts';

/**
 * Whether a row satisfies a checked predicate. Values of the row that are not of their field's type count as null.
 * For many rows, compilePredicate once.
 */
export function evaluatePredicate(predicate: Predicate, context: PredicateContext, row: Row, moment: Moment): boolean {
  return compilePredicate(predicate, context, moment)(row);
}

export function compilePredicate(
  predicate: Predicate,
  context: PredicateContext,
  moment: Moment,
): (row: Row) => boolean {
  return toFunction(planPredicate(predicate, context, moment));
}

type Test = (row: Row) => boolean;

function toFunction(plan: Plan): Test {
  switch (plan.test) {
    case 'and': {
      const parts = plan.parts.map(toFunction);
      return (row) => parts.every((part) => part(row));
    }
    case 'or': {
      const parts = plan.parts.map(toFunction);
      return (row) => parts.some((part) => part(row));
    }
    case 'not': {
      const part = toFunction(plan.part);
      return (row) => !part(row);
    }
    case 'never':
      return () => false;
    case 'null':
      return (row) => read(row, plan.field, plan.type) === null;
    case 'notNull':
      return (row) => read(row, plan.field, plan.type) !== null;
    case 'any': {
      const values = new Set(plan.values);
      return (row) => {
        const value = readScalar(row, plan.field, plan.type);
        return value !== null && values.has(value);
      };
    }
    case 'none': {
      const values = new Set(plan.values);
      return (row) => {
        const value = readScalar(row, plan.field, plan.type);
        return value !== null && !values.has(value);
      };
    }
    case 'contains':
      return textTest(plan.field, (text) => text.includes(plan.text));
    case 'contains_not':
      return textTest(plan.field, (text) => !text.includes(plan.text));
    case 'starts':
      return textTest(plan.field, (text) => text.startsWith(plan.text));
    case 'ends':
      return textTest(plan.field, (text) => text.endsWith(plan.text));
    case 'overlaps': {
      const values = new Set(plan.values);
      return (row) => readList(row, plan.field)?.some((element) => values.has(element)) ?? false;
    }
    case 'has_field':
      return (row) => {
        const value = readScalar(row, plan.other, plan.type === 'ids' ? 'integer' : 'text');
        return value !== null && (readList(row, plan.field)?.includes(value) ?? false);
      };
    case 'compare_field':
      return (row) => {
        const left = readScalar(row, plan.field, plan.type);
        const right = readScalar(row, plan.other, plan.other_type);
        return left !== null && right !== null && holds(plan.how, compare(left, right, plan.type));
      };
    default:
      return (row) => {
        const value = readScalar(row, plan.field, plan.type);
        return value !== null && holds(plan.test, compare(value, plan.value, plan.type));
      };
  }
}

function textTest(field: string, test: (folded: string) => boolean): Test {
  return (row) => {
    const value = readScalar(row, field, 'text');
    return value !== null && test(foldCase(value as string));
  };
}

function holds(how: Compare, order: number): boolean {
  switch (how) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'gt':
      return order > 0;
    case 'gte':
      return order >= 0;
    case 'lt':
      return order < 0;
    case 'lte':
      return order <= 0;
  }
}

function compare(left: Constant, right: Constant, type: ValueType): number {
  if (left === right) return 0;
  if (type === 'integer' || type === 'decimal') {
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return compareDecimal(String(left), String(right));
  }
  return compareText(String(left), String(right));
}

/** Nothing chosen is nothing. */
function read(row: Row, field: string, type: ValueType): Constant | Constant[] | null {
  if (type !== 'list' && type !== 'ids') return readScalar(row, field, type);
  const list = readList(row, field);
  return list?.length ? list : null;
}

function readScalar(row: Row, field: string, type: ValueType): Constant | null {
  const value = cell(row, field);
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value) ? (value as number) : null;
    case 'decimal':
      return readDecimal(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return readDate(value);
    case 'time':
      return readTime(value);
    default:
      return typeof value === 'string' ? value : null;
  }
}

function readList(row: Row, field: string): Constant[] | null {
  const value = cell(row, field);
  return Array.isArray(value) ? (value as Constant[]) : null;
}

function cell(row: Row, field: string): Json {
  return Object.hasOwn(row, field) ? (row[field] ?? null) : null;
}
