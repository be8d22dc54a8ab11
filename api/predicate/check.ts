/**
 * Is this a predicate, and one of this context? Says where it is wrong, in both languages, and what may have been meant.
 * What passes here can be evaluated, compiled and printed.
 */
import { closestName } from '../closest-name.ts';
import type { Predicate, PredicateContext, ValueType } from '../contract.ts';
import { fieldOf, LIMITS, PredicateError } from './error.ts';
import { checkOperand, checkText, type Place } from './operand.ts';

const ORDER = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin', 'between', 'null', 'notNull'];
const OPERATORS: { [type in ValueType]: readonly string[] } = {
  text: [...ORDER, 'like', 'nlike', 'sw', 'ew'],
  integer: ORDER,
  decimal: ORDER,
  date: ORDER,
  time: ORDER,
  boolean: ['eq', 'ne', 'in', 'nin', 'null', 'notNull'],
  list: ['has', 'overlaps', 'null', 'notNull'],
  ids: ['has', 'overlaps', 'null', 'notNull'],
};
const ALL_OPERATORS = [...OPERATORS.text, 'has', 'overlaps'];

/** The operators a field of the type understands, for editors. */
export function operatorsOf(type: ValueType): readonly string[] {
  return OPERATORS[type];
}

/** A level of a condition is an object and a list; below the last are a comparison, its values and a reference. */
const JSON_DEPTH = 2 * LIMITS.depth + 4;

/**
 * For JSON that came in an address, before anything else looks at it: what follows may recurse.
 * @throws PredicateError for what nests deeper than any condition may
 */
export function checkNesting(input: unknown): void {
  const open: { value: unknown; depth: number }[] = [{ value: input, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > JSON_DEPTH) throw new PredicateError('', 'too_deep', { max: LIMITS.depth });
    for (const part of Object.values(value)) open.push({ value: part, depth: depth + 1 });
  }
}

/** @param input anything, e.g. parsed JSON. Gives a clean copy; throws PredicateError. */
export function checkPredicate(input: unknown, context: PredicateContext): Predicate {
  checkSize(input);
  return checkNode(input, context, '') as Predicate;
}

/** Goes first and does not recurse, so that a hostile depth is refused rather than overflowing the stack. */
function checkSize(input: unknown): void {
  const open: { node: unknown; depth: number }[] = [{ node: input, depth: 1 }];
  let nodes = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    if (depth > LIMITS.depth) throw new PredicateError('', 'too_deep', { max: LIMITS.depth });
    if (!isObject(node)) continue;
    for (const [key, value] of Object.entries(node)) {
      nodes += 1;
      if (key === 'not') open.push({ node: value, depth: depth + 1 });
      else if ((key === 'and' || key === 'or') && Array.isArray(value)) {
        nodes += value.length;
        if (nodes <= LIMITS.nodes) for (const part of value) open.push({ node: part, depth: depth + 1 });
      } else if (isObject(value)) nodes += Math.max(Object.keys(value).length - 1, 0);
    }
    if (nodes > LIMITS.nodes) throw new PredicateError('', 'too_big', { max: LIMITS.nodes });
  }
}

// Object.fromEntries, not assignment: a key may be "__proto__".
function checkNode(node: unknown, context: PredicateContext, path: string): unknown {
  if (!isObject(node)) throw new PredicateError(path, 'not_object');
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const here = path ? `${path}.${key}` : key;
      if (key === 'not') return [key, checkNode(value, context, here)];
      if (key !== 'and' && key !== 'or') return [key, checkComparison(key, value, context, here)];
      if (!Array.isArray(value)) throw new PredicateError(here, 'not_conditions', { name: key });
      return [key, value.map((part, at) => checkNode(part, context, `${here}.${at}`))];
    }),
  );
}

function checkComparison(name: string, comparison: unknown, context: PredicateContext, path: string): unknown {
  const field = fieldOf(context, name);
  if (!field) {
    const meant = closestName(name, [...Object.keys(context.fields), 'and', 'or', 'not']);
    throw new PredicateError(path, 'unknown_field', { name, meant });
  }
  if (!isObject(comparison)) throw new PredicateError(path, 'not_comparison', { name, label: field.label });
  return Object.fromEntries(
    Object.entries(comparison).map(([operator, operand]) => [
      operator,
      checkOperator(operator, operand, { name, field, context, path: `${path}.${operator}` }),
    ]),
  );
}

function checkOperator(operator: string, operand: unknown, place: Place): unknown {
  const { field, path } = place;
  const about = { name: operator, label: field.label };
  if (!OPERATORS[field.type].includes(operator)) {
    if (ALL_OPERATORS.includes(operator)) throw new PredicateError(path, 'wrong_operator', about);
    throw new PredicateError(path, 'unknown_operator', { ...about, meant: closestName(operator, ALL_OPERATORS) });
  }
  switch (operator) {
    case 'null':
    case 'notNull':
      if (operand !== true) throw new PredicateError(path, 'only_true', about);
      return true;
    case 'like':
    case 'nlike':
    case 'sw':
    case 'ew':
      return checkText(operand, place);
    case 'between':
      if (!Array.isArray(operand) || operand.length !== 2) throw new PredicateError(path, 'not_two', about);
      return checkList(operand, place);
    case 'in':
    case 'nin':
    case 'overlaps':
      if (!Array.isArray(operand)) throw new PredicateError(path, 'not_list', about);
      return checkList(operand, place);
    default:
      return checkOperand(operand, place);
  }
}

function checkList(operands: unknown[], place: Place): unknown[] {
  if (operands.length > LIMITS.list) {
    throw new PredicateError(place.path, 'list_too_long', { label: place.field.label, max: LIMITS.list });
  }
  return operands.map((value, at) => checkOperand(value, { ...place, path: `${place.path}.${at}` }));
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
