/** Is this a value that the field can be compared with? */
import { closestName } from '../closest-name.ts';
import type { Pair, PredicateContext, PredicateField, ValueType } from '../contract.ts';
import { fieldOf, PredicateError } from './error.ts';
import { isStorable, readDate, readDecimal, readTime } from './values.ts';

/** Where an operand stands. */
export interface Place {
  name: string;
  field: PredicateField;
  context: PredicateContext;
  path: string;
}

/** What a value of the type looks like. */
const EXPECTED: { [type in ValueType]: Pair } = {
  text: ['文本', 'a text'],
  integer: ['整数', 'a whole number'],
  decimal: ['数字', 'a number'],
  boolean: ['是或否', 'true or false'],
  date: ['日期，如 2026-03-01 或 $today-30d', 'a date such as 2026-03-01 or $today-30d'],
  time: ['时间，如 2026-03-01T08:00:00Z 或 $now-7d', 'a time such as 2026-03-01T08:00:00Z or $now-7d'],
  list: ['文本', 'a text'],
  ids: ['记录编号', 'the id of a record'],
};

/** Numbers are certain to mean what was written within 2^53-1; -0 is JSON's own. */
const IS: { [type in Exclude<ValueType, 'text' | 'list'>]: (value: unknown) => boolean } = {
  integer: Number.isSafeInteger,
  decimal: (value) =>
    (typeof value === 'string' || Math.abs(value as number) <= Number.MAX_SAFE_INTEGER) && readDecimal(value) !== null,
  boolean: (value) => typeof value === 'boolean',
  date: (value) => readDate(value) !== null,
  time: (value) => readTime(value) !== null || readDate(value) !== null,
  ids: Number.isSafeInteger,
};

/** Gives the operand, clean; throws PredicateError. */
export function checkOperand(value: unknown, place: Place): unknown {
  const type = place.field.type;
  if (value === null) return null;
  if (typeof value === 'object') return checkReference(value, place);
  if (typeof value === 'string' && value.startsWith('$')) {
    if (isToken(value, type)) return value;
    throw isText(type) ? new PredicateError(place.path, 'token', { name: place.name }) : mismatch(place);
  }
  if (type === 'text' || type === 'list') return checkChoice(checkText(value, place), place);
  if (!IS[type](value)) throw mismatch(place);
  return value === 0 ? 0 : value;
}

/** @returns the text; a text that Postgres cannot hold is refused. */
export function checkText(value: unknown, place: Place): string {
  if (typeof value !== 'string') throw mismatch(place);
  if (isStorable(value)) return value;
  throw new PredicateError(place.path, 'bad_text', { name: place.name, label: place.field.label });
}

function isToken(value: string, type: ValueType): boolean {
  if (value === '$me') return type === 'integer' || type === 'ids';
  if (type === 'time' && /^\$now(?:[+-]\d{1,5}[mhdw])?$/.test(value)) return true;
  return (type === 'date' || type === 'time') && /^\$today(?:[+-]\d{1,5}[dw])?$/.test(value);
}

function isText(type: ValueType): boolean {
  return type === 'text' || type === 'list';
}

function checkReference(value: object, place: Place): unknown {
  const entries = Object.entries(value) as [string, unknown][];
  const [key, inside] = entries.length === 1 ? entries[0]! : [];
  if (key === '$text' && isText(place.field.type)) return { $text: checkChoice(checkText(inside, place), place) };
  if (key !== '$field' || typeof inside !== 'string') throw mismatch(place);
  const { context, field, path } = place;
  const other = fieldOf(context, inside);
  if (!other) {
    const meant = closestName(inside, Object.keys(context.fields));
    throw new PredicateError(path, 'unknown_field', { name: inside, meant });
  }
  if (!areComparable(field.type, other.type)) {
    throw new PredicateError(path, 'field_mismatch', { name: inside, label: field.label, other: other.label });
  }
  return { $field: inside };
}

function areComparable(left: ValueType, right: ValueType): boolean {
  if (left === 'list') return right === 'text';
  if (left === 'ids') return right === 'integer';
  return left === right || (isNumber(left) && isNumber(right));
}

function isNumber(type: ValueType): boolean {
  return type === 'integer' || type === 'decimal';
}

/** A context that lists choices lists them all, so another code is a mistake. */
function checkChoice(code: string, { field: { choices, label }, path }: Place): string {
  if (!choices || Object.hasOwn(choices, code)) return code;
  throw new PredicateError(path, 'unknown_choice', {
    name: code,
    label,
    meant: closestName(code, Object.keys(choices)),
  });
}

function mismatch({ field, name, path }: Place): PredicateError {
  return new PredicateError(path, 'type', { name, label: field.label, expected: EXPECTED[field.type] });
}
