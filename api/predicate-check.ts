/**
 * Is this a predicate, and one of this context? Says where it is wrong, in both languages, and what may have been meant.
 * What passes here can be evaluated, compiled and printed.
 */
import type { Json, Pair, Predicate, PredicateContext, PredicateField, ValueType } from './contract.ts';
import { isStorable, readDate, readDecimal, readTime } from './predicate-values.ts';

/** `and`, `or`, `not` may nest this deep; a predicate may have this many parts; a list this many values. */
export const LIMITS = { depth: 20, nodes: 500, list: 1000 } as const;

/** `path` leads to the fault, e.g. "or.1.tier.in.0"; `pair` is the sentence for people, zh and en. */
export class PredicateError extends Error {
  readonly path: string;
  readonly key: string;
  readonly params: { [name: string]: Json };
  readonly pair: Pair;
  constructor(path: string, key: string, pair: Pair, params: { [name: string]: Json } = {}) {
    super(`${pair[1]}${path && ` (at ${path})`}`);
    this.name = 'PredicateError';
    this.path = path;
    this.key = `predicate.${key}`;
    this.params = { ...params, path };
    this.pair = pair;
  }
}

const ORDER = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin', 'between', 'null', 'notNull'];
const OPERATORS: { [type in ValueType]: readonly string[] } = {
  text: [...ORDER, 'like', 'nlike', 'sw', 'ew'],
  integer: ORDER,
  decimal: ORDER,
  date: ORDER,
  time: ORDER,
  boolean: ['eq', 'ne', 'in', 'nin', 'null', 'notNull'],
  list: ['has', 'overlaps', 'null', 'notNull'],
};
const LISTS = ['in', 'nin', 'overlaps'];
const ALL_OPERATORS = [...OPERATORS.text, ...OPERATORS.list];

/** What a value of the type looks like. */
const EXPECTED: { [type in ValueType]: Pair } = {
  text: ['文本', 'a text'],
  integer: ['整数', 'a whole number'],
  decimal: ['数字', 'a number'],
  boolean: ['是或否', 'true or false'],
  date: ['日期，如 2026-03-01 或 $today-30d', 'a date such as 2026-03-01 or $today-30d'],
  time: ['时间，如 2026-03-01T08:00:00Z 或 $now-7d', 'a time such as 2026-03-01T08:00:00Z or $now-7d'],
  list: ['文本', 'a text'],
};

/** The operators a field of the type understands, for editors. */
export function operatorsOf(type: ValueType): readonly string[] {
  return OPERATORS[type];
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
    if (depth > LIMITS.depth) {
      throw new PredicateError('', 'too_deep', [
        `条件嵌套超过 ${LIMITS.depth} 层`,
        `The condition nests deeper than ${LIMITS.depth} levels`,
      ]);
    }
    if (!isObject(node)) continue;
    for (const [key, value] of Object.entries(node)) {
      nodes += 1;
      if (key === 'not') open.push({ node: value, depth: depth + 1 });
      else if ((key === 'and' || key === 'or') && Array.isArray(value)) {
        if (value.length > LIMITS.nodes) nodes = Number.POSITIVE_INFINITY;
        else for (const part of value) open.push({ node: part, depth: depth + 1 });
      } else if (isObject(value)) nodes += Math.max(Object.keys(value).length - 1, 0);
    }
    if (nodes + open.length > LIMITS.nodes) {
      throw new PredicateError('', 'too_big', [
        `条件超过 ${LIMITS.nodes} 项`,
        `The condition has more than ${LIMITS.nodes} parts`,
      ]);
    }
  }
}

function checkNode(node: unknown, context: PredicateContext, path: string): unknown {
  if (!isObject(node)) throw new PredicateError(path, 'not_object', ['条件应为对象', 'A condition must be an object']);
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const here = join(path, key);
      if (key === 'not') return [key, checkNode(value, context, here)];
      if (key === 'and' || key === 'or') {
        if (!Array.isArray(value)) {
          throw new PredicateError(here, 'not_list', [`${key} 应为条件列表`, `"${key}" needs a list of conditions`]);
        }
        return [key, value.map((part, at) => checkNode(part, context, join(here, at)))];
      }
      return [key, checkComparison(key, value, context, here)];
    }),
  );
}

function checkComparison(name: string, comparison: unknown, context: PredicateContext, path: string): unknown {
  const field = fieldOf(context, name);
  if (!field) {
    const meant = nearest(name, [...Object.keys(context.fields), 'and', 'or', 'not']);
    throw new PredicateError(
      path,
      'unknown_field',
      suggest(`没有字段“${name}”`, `There is no field "${name}"`, meant),
      {
        field: name,
        meant,
      },
    );
  }
  if (!isObject(comparison)) {
    throw new PredicateError(
      path,
      'not_comparison',
      [
        `“${field.label[0]}”的条件应写作 {"eq": 值} 一类`,
        `The condition on "${field.label[1]}" should look like {"eq": value}`,
      ],
      { field: name },
    );
  }
  return Object.fromEntries(
    Object.entries(comparison).map(([operator, operand]) => [
      operator,
      checkOperator({ name, field, context, operator, operand, path: join(path, operator) }),
    ]),
  );
}

interface Place {
  name: string;
  field: PredicateField;
  context: PredicateContext;
  operator: string;
  operand: unknown;
  path: string;
}

function checkOperator(place: Place): unknown {
  const { name, field, operator, operand, path } = place;
  const [zh, en] = field.label;
  if (!OPERATORS[field.type].includes(operator)) {
    if (ALL_OPERATORS.includes(operator)) {
      throw new PredicateError(
        path,
        'wrong_operator',
        [`“${zh}”不能用 ${operator} 比较`, `"${en}" cannot be compared with ${operator}`],
        { field: name, operator },
      );
    }
    const meant = nearest(operator, ALL_OPERATORS);
    throw new PredicateError(
      path,
      'unknown_operator',
      suggest(`没有运算符“${operator}”`, `There is no operator "${operator}"`, meant),
      { field: name, operator, meant },
    );
  }
  if (operator === 'null' || operator === 'notNull') {
    if (operand === true) return true;
    throw new PredicateError(path, 'only_true', [`${operator} 的值只能是 true`, `"${operator}" takes only true`], {
      field: name,
      operator,
    });
  }
  if (LISTS.includes(operator) || operator === 'between') {
    const wanted = operator === 'between' ? 2 : null;
    if (!Array.isArray(operand) || (wanted !== null && operand.length !== wanted)) {
      throw new PredicateError(
        path,
        'not_list',
        wanted
          ? [`“${zh}”的 between 需要两个值`, `"between" on "${en}" needs two values`]
          : [`“${zh}”的 ${operator} 需要一个列表`, `"${operator}" on "${en}" needs a list`],
        { field: name, operator },
      );
    }
    if (operand.length > LIMITS.list) {
      throw new PredicateError(
        path,
        'list_too_long',
        [`“${zh}”的列表超过 ${LIMITS.list} 个值`, `The list on "${en}" has more than ${LIMITS.list} values`],
        { field: name, max: LIMITS.list },
      );
    }
    return operand.map((value, at) => checkOperand(value, { ...place, path: join(path, at) }));
  }
  if (operator === 'like' || operator === 'nlike' || operator === 'sw' || operator === 'ew') {
    if (typeof operand !== 'string') throw mismatch(place);
    return storable(operand, place);
  }
  return checkOperand(operand, place);
}

function checkOperand(value: unknown, place: Place): unknown {
  const type = place.field.type;
  if (value === null) return null;
  if (isObject(value)) return checkReference(value, place);
  if (typeof value === 'string' && value.startsWith('$')) {
    const token = /^\$(me|now|today)(?:[+-]\d{1,5}([mhdw]))?$/.exec(value);
    const unit = token?.[2];
    const fits =
      (token?.[1] === 'me' && !unit && type === 'integer') ||
      (token?.[1] === 'now' && type === 'time') ||
      (token?.[1] === 'today' && (type === 'date' || type === 'time') && (!unit || unit === 'd' || unit === 'w'));
    if (fits) return value;
    if (type === 'text' || type === 'list') {
      throw new PredicateError(
        place.path,
        'token',
        [`以 $ 开头的文本请写作 {"$text": "…"}`, 'Write a text that starts with $ as {"$text": "…"}'],
        { field: place.name },
      );
    }
    throw mismatch(place);
  }
  if (type === 'text' || type === 'list') {
    if (typeof value !== 'string') throw mismatch(place);
    return choice(storable(value, place), place);
  }
  const fits =
    type === 'boolean'
      ? typeof value === 'boolean'
      : type === 'integer'
        ? Number.isSafeInteger(value)
        : type === 'decimal'
          ? isExact(value) && readDecimal(value) !== null
          : type === 'date'
            ? readDate(value) !== null
            : readTime(value) !== null || readDate(value) !== null;
  if (!fits) throw mismatch(place);
  // JSON has -0; Postgres has not.
  return value === 0 ? 0 : value;
}

function checkReference(value: { [key: string]: unknown }, place: Place): unknown {
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === '$text' && typeof value.$text === 'string') {
    if (place.field.type !== 'text' && place.field.type !== 'list') throw mismatch(place);
    return { $text: choice(storable(value.$text, place), place) };
  }
  if (keys.length !== 1 || keys[0] !== '$field' || typeof value.$field !== 'string') throw mismatch(place);
  const other = fieldOf(place.context, value.$field);
  if (!other) {
    const meant = nearest(value.$field, Object.keys(place.context.fields));
    throw new PredicateError(
      place.path,
      'unknown_field',
      suggest(`没有字段“${value.$field}”`, `There is no field "${value.$field}"`, meant),
      { field: value.$field, meant },
    );
  }
  if (!comparable(place.field.type, other.type)) {
    throw new PredicateError(
      place.path,
      'field_mismatch',
      [
        `“${place.field.label[0]}”与“${other.label[0]}”不能比较`,
        `"${place.field.label[1]}" and "${other.label[1]}" cannot be compared`,
      ],
      { field: place.name, other: value.$field },
    );
  }
  return { $field: value.$field };
}

function comparable(left: ValueType, right: ValueType): boolean {
  if (left === 'list') return right === 'text';
  return left === right || (isNumber(left) && isNumber(right));
}

function isNumber(type: ValueType): boolean {
  return type === 'integer' || type === 'decimal';
}

/** Decimals come as text; a JSON number counts while it is certain to mean what was written. */
function isExact(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

function storable(text: string, place: Place): string {
  if (isStorable(text)) return text;
  throw new PredicateError(
    place.path,
    'bad_text',
    [
      `“${place.field.label[0]}”的文本含有无法保存的字符`,
      `The text for "${place.field.label[1]}" has characters that cannot be stored`,
    ],
    { field: place.name },
  );
}

/** A context that lists choices lists them all, so another code is a mistake. */
function choice(code: string, { field, name, path }: Place): string {
  if (!field.choices || Object.hasOwn(field.choices, code)) return code;
  const meant = nearest(code, Object.keys(field.choices));
  throw new PredicateError(
    path,
    'unknown_choice',
    suggest(`“${field.label[0]}”没有选项“${code}”`, `"${field.label[1]}" has no choice "${code}"`, meant),
    { field: name, value: code, meant },
  );
}

function mismatch({ field, name, path }: Place): PredicateError {
  const [zh, en] = EXPECTED[field.type];
  return new PredicateError(path, 'type', [`“${field.label[0]}”需要${zh}`, `"${field.label[1]}" needs ${en}`], {
    field: name,
    expected: field.type,
  });
}

/** A field of the context by name; names such as "constructor" are not found by accident. */
export function fieldOf(context: PredicateContext, name: string): PredicateField | null {
  return Object.hasOwn(context.fields, name) ? context.fields[name]! : null;
}

function suggest(zh: string, en: string, meant: string | null): Pair {
  return meant === null ? [zh, en] : [`${zh}，是否想写“${meant}”？`, `${en}; did you mean "${meant}"?`];
}

/** The candidate that is closest in spelling, if any is close enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  if (word.length > 60) return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length]!;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, part: string | number): string {
  return path ? `${path}.${part}` : String(part);
}
