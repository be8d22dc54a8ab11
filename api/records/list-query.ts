/**
 * The query string of a list, as data. The dialect of simple-rest, extended:
 *
 *   _start=0&_end=25          rows 0..24; at most 1,000 at once
 *   _sort=a,b&_order=asc,desc several fields; id always breaks the last tie
 *   a=1                       equals; repeated: one of them
 *   a_ne a_gt a_gte a_lt a_lte a_like a_nlike a_sw a_ew
 *   a_in=1,2 a_nin=1,2        one value is taken apart at its commas, several are taken as they are
 *   a_between=1,9             both ends included
 *   a_null=true               or false
 *   q=王 "a phrase"            quick search: every word, in any of the search fields
 *   _where=<JSON predicate>   _scope=<name>   _fields=a,b   _labels=1   _count=exact|capped|none
 *   _sums=a,b                 sums of these fields over every row of the list (X-Sums)
 *   _tones=1                  with each row the name of its tone
 *   _after=<cursor>           the page after that of the cursor; empty: the first page, with a cursor for the next
 *
 * Whatever it does not know it refuses by name; nothing is ignored.
 */

import { nameHint } from '../closest-name.ts';
import type { Operand, Pair, Predicate, PredicateContext, Resource, ValueType } from '../contract.ts';
import { problem } from '../errors.ts';
import { checkNesting } from '../predicate/check.ts';
import { predicateFields } from '../predicate/fields.ts';
import type { Access } from './access.ts';
import { isShort, searchWords } from './search.ts';
import { summableFields } from './sums.ts';

export const PAGE_MAX = 1000;

export interface Sort {
  field: string;
  descending: boolean;
}
export type CountMode = 'exact' | 'capped' | 'none';
export interface ListQuery {
  start: number;
  /** Null: no page was asked for; then all rows, if they are few. */
  end: number | null;
  /** As asked, without the closing id. */
  sorts: Sort[];
  /** Joined by AND; unchecked. */
  filters: unknown[];
  words: string[];
  /** Texts that the search fields of every match must contain, as its filters say: an index of them narrows the search. */
  implied: string[];
  /** Compares values only: one plan serves them all, words of three letters or more too, because their trigrams are always
   *  the way. Shorter words and free conditions are planned for what they say. */
  plain: boolean;
  /** Readable ones, in the asked order. */
  fields: string[] | null;
  labels: boolean;
  tones: boolean;
  /** Fields that declare `sum` and that the caller sees. */
  sums: string[];
  count: CountMode;
  /** Null: pages by offset. */
  after: string | null;
}

export interface Subject {
  resource: Resource;
  access: Access;
  context: PredicateContext;
}

/** What may stand behind a field's name. */
export const LIST_OPERATORS = [
  'ne',
  'gte',
  'gt',
  'lte',
  'lt',
  'nlike',
  'like',
  'nin',
  'in',
  'sw',
  'ew',
  'between',
  'null',
] as const;
type Operator = 'eq' | (typeof LIST_OPERATORS)[number];
const PARAMETERS = [
  ...['_start', '_end', '_sort', '_order', '_where', '_scope', '_fields', '_labels', '_count', '_after', 'q'],
  ...['_sums', '_tones'],
];

/** @throws Problem 400 naming the parameter, 403 naming a field that the caller may not see. */
export function parseListQuery(search: string, subject: Subject): ListQuery {
  const params = new URLSearchParams(search);
  const one = (name: string) => {
    const values = params.getAll(name);
    if (values.length > 1) throw problem(400, 'repeated_parameter', { name });
    return values[0] ?? null;
  };
  const query: ListQuery = {
    start: readCount('_start', one('_start')) ?? 0,
    end: readCount('_end', one('_end')),
    sorts: readSorts(params, subject),
    filters: [],
    words: searchWords(one('q') ?? ''),
    implied: [],
    plain: one('_where') === null && !searchWords(one('q') ?? '').some(isShort),
    fields: readFields(one('_fields'), subject),
    labels: readSwitch('_labels', one('_labels')),
    tones: readSwitch('_tones', one('_tones')),
    sums: readSums(one('_sums'), subject),
    count: readChoice('_count', one('_count'), ['capped', 'exact', 'none'], 'capped') as CountMode,
    after: one('_after'),
  };
  if (query.words.length > 0 && !searchableFields(subject).length)
    throw problem(400, 'no_search', { resource: subject.resource.name });
  checkPage(query);
  const scope = one('_scope');
  const always = subject.resource.list.where;
  if (scope !== null) query.filters.push(scopeOf(subject.resource, scope));
  else if (always) query.filters.push(always);
  const where = one('_where');
  if (where !== null) query.filters.push(readWhere(where, subject));
  for (const name of new Set(params.keys())) {
    if (PARAMETERS.includes(name)) continue;
    query.filters.push(readFilter(name, params.getAll(name), subject));
    if (!/_(n?like|sw|ew)$/.test(name)) continue;
    query.plain = false;
    query.implied.push(...impliedWords(name, params.getAll(name), subject));
  }
  return query;
}

/** Fields of the quick search that the caller sees unmasked. */
export function searchableFields({ resource, access }: Pick<Subject, 'resource' | 'access'>): string[] {
  return Object.entries(resource.fields)
    .filter(([name, field]) => field.search && access.fields.get(name)?.read && !access.fields.get(name)?.masked)
    .map(([name]) => name);
}

/** @throws Problem 403 when the caller sees the field not at all, or only masked: comparing would tell its value. */
export function checkSeen(name: string, { access }: Pick<Subject, 'access'>): void {
  if (name === 'id') return;
  const seen = access.fields.get(name);
  if (!seen?.read) throw problem(403, 'field_hidden', { field: name });
  if (seen.masked) throw problem(403, 'field_masked', { field: name });
}

function readFilter(name: string, values: string[], subject: Subject): unknown {
  const { field, operator } = splitName(name, subject);
  checkSeen(field, subject);
  const type = subject.context.fields[field]!.type;
  const many = isMany(type);
  const operands = values.map((value) => readOperand(type, value));
  if (operator === 'null') {
    if (values.length !== 1 || !/^(true|false)$/.test(values[0]!)) throw badValue(name, values.join(), 'true, false');
    return { [field]: values[0] === 'true' ? { null: true } : { notNull: true } };
  }
  if (operator === 'in' || operator === 'nin' || operator === 'between') {
    const list = values.length === 1 ? takeApart(values[0]!).map((value) => readOperand(type, value)) : operands;
    if (!many) return { [field]: { [operator]: list } };
    return operator === 'nin' ? { not: { [field]: { overlaps: list } } } : { [field]: { overlaps: list } };
  }
  if (many && (operator === 'eq' || operator === 'ne')) {
    const shares = { [field]: { overlaps: operands } };
    return operator === 'eq' ? shares : { not: shares };
  }
  if (operands.length === 1) return { [field]: { [operator]: likeText(operator) ? values[0] : operands[0] } };
  if (operator === 'eq') return { [field]: { in: operands } };
  return {
    and: operands.map((operand, at) => ({ [field]: { [operator]: likeText(operator) ? values[at] : operand } })),
  };
}

/** A search field that contains a text is found like the text itself; the shortest would narrow nothing. */
function impliedWords(name: string, values: string[], subject: Subject): string[] {
  const { field, operator } = splitName(name, subject);
  if (operator === 'nlike' || !subject.resource.fields[field]?.search) return [];
  return values.filter((value) => value.length > 2 || /\P{ASCII}/u.test(value));
}

/** "placed_at_gte" -> placed_at, gte; a field that is itself called so comes first. */
export function splitName(name: string, { resource, context }: Subject): { field: string; operator: Operator } {
  if (Object.hasOwn(context.fields, name)) return { field: name, operator: 'eq' };
  for (const operator of LIST_OPERATORS) {
    const field = name.slice(0, -operator.length - 1);
    if (name.endsWith(`_${operator}`) && Object.hasOwn(context.fields, field)) return { field, operator };
  }
  if (Object.hasOwn(resource.fields, name)) throw problem(400, 'not_comparable', { field: name });
  const cut = name.lastIndexOf('_');
  if (cut > 0 && Object.hasOwn(context.fields, name.slice(0, cut))) {
    throw problem(400, 'unknown_operator', { name, field: name.slice(0, cut), operator: name.slice(cut + 1) });
  }
  throw problem(400, 'unknown_parameter', {
    name,
    hint: hintFor(name, [...Object.keys(context.fields), ...PARAMETERS]),
  });
}

/** A literal of a query string. Texts are always literal; dates and times may be relative ("$today-30d"). */
function readOperand(type: ValueType, value: string): Operand {
  if (type === 'integer' || type === 'ids') return /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  if ((type === 'text' || type === 'list') && value.startsWith('$')) return { $text: value };
  return value;
}

function isMany(type: ValueType): boolean {
  return type === 'list' || type === 'ids';
}

function likeText(operator: Operator): boolean {
  return operator === 'like' || operator === 'nlike' || operator === 'sw' || operator === 'ew';
}

export function takeApart(value: string): string[] {
  return value === '' ? [] : value.split(',');
}

function readSorts(params: URLSearchParams, subject: Subject): Sort[] {
  const names = params.getAll('_sort').flatMap(takeApart);
  const orders = params.getAll('_order').flatMap(takeApart);
  if (orders.length > names.length) throw badValue('_order', orders.join(), '_sort');
  const sorts = names.map((field, at) => {
    const order = orders[at]?.toLowerCase() ?? 'asc';
    if (order !== 'asc' && order !== 'desc') throw badValue('_order', orders[at]!, 'asc, desc');
    checkSortable(field, subject);
    return { field, descending: order === 'desc' };
  });
  if (new Set(names).size < names.length) throw problem(400, 'repeated_parameter', { name: '_sort' });
  if (sorts.length > 0) return sorts;
  const standard = subject.resource.list.sort;
  const field = standard.replace(/^-/, '');
  // Who cannot see the field of the standard order gets the order of entry.
  const seen = field === 'id' || (subject.access.fields.get(field)?.read && !subject.access.fields.get(field)?.masked);
  return seen ? [{ field, descending: standard.startsWith('-') }] : [];
}

function checkSortable(field: string, subject: Subject): void {
  if (!Object.hasOwn(subject.context.fields, field)) {
    if (Object.hasOwn(subject.resource.fields, field)) throw problem(400, 'not_comparable', { field });
    throw problem(400, 'unknown_column', { field, hint: hintFor(field, Object.keys(subject.context.fields)) });
  }
  if (isMany(subject.context.fields[field]!.type)) throw problem(400, 'not_comparable', { field });
  checkSeen(field, subject);
}

function readFields(value: string | null, { resource, access }: Subject): string[] | null {
  if (value === null) return null;
  const names = [...new Set(takeApart(value))].filter((name) => name !== 'id' && name !== 'version');
  for (const name of names) {
    if (!Object.hasOwn(resource.fields, name)) {
      throw problem(400, 'unknown_column', { field: name, hint: hintFor(name, Object.keys(resource.fields)) });
    }
    if (!access.fields.get(name)?.read) throw problem(403, 'field_hidden', { field: name });
  }
  return names;
}

function readSums(value: string | null, subject: Subject): string[] {
  const names = [...new Set(value === null ? [] : takeApart(value))];
  const summable = summableFields(subject.resource);
  for (const name of names) {
    if (!Object.hasOwn(subject.resource.fields, name)) {
      throw problem(400, 'unknown_column', { field: name.slice(0, 60), hint: hintFor(name, summable) });
    }
    if (!summable.includes(name)) throw problem(400, 'not_summable', { field: name });
    checkSeen(name, subject);
  }
  return names;
}

function readSwitch(name: string, value: string | null): boolean {
  return /1|true/.test(readChoice(name, value, ['1', '0', 'true', 'false'], '0'));
}

function scopeOf(resource: Resource, name: string): Predicate {
  const scopes = resource.list.scopes ?? {};
  if (!Object.hasOwn(scopes, name))
    throw problem(400, 'unknown_scope', { name, hint: hintFor(name, Object.keys(scopes)) });
  return scopes[name]!.where;
}

function readWhere(text: string, subject: Subject): unknown {
  let where: unknown;
  try {
    where = JSON.parse(text);
  } catch {
    throw badValue('_where', text.slice(0, 100), 'JSON');
  }
  checkNesting(where);
  for (const name of predicateFields(where as Predicate)) {
    if (!Object.hasOwn(subject.resource.fields, name)) continue;
    checkSeen(name, subject);
    if (!Object.hasOwn(subject.context.fields, name)) throw problem(400, 'not_comparable', { field: name });
  }
  return where;
}

function checkPage({ start, end, after }: ListQuery): void {
  if (after !== null && start > 0) throw badValue('_start', String(start), '0');
  if (end !== null && end < start) throw badValue('_end', String(end), `>= ${start}`);
  if (end !== null && end - start > PAGE_MAX)
    throw problem(400, 'page_too_large', { asked: end - start, max: PAGE_MAX });
}

function readCount(name: string, value: string | null): number | null {
  if (value === null) return null;
  if (!/^\d{1,10}$/.test(value)) throw badValue(name, value, '0, 1, 2 …');
  return Number(value);
}

function readChoice(name: string, value: string | null, allowed: readonly string[], otherwise: string): string {
  if (value === null) return otherwise;
  if (!allowed.includes(value)) throw badValue(name, value, allowed.join(', '));
  return value;
}

/** "…, did you mean x?", to stand behind a sentence. */
export function hintFor(name: string, names: readonly string[]): Pair {
  const [zh, en] = nameHint(name.slice(0, 60), names);
  return [`，${zh}`, `. ${en}`];
}

function badValue(name: string, value: string, expected: string) {
  return problem(400, 'bad_parameter', { name, value: value.slice(0, 100), expected });
}
