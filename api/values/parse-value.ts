/**
 * One value of one field: from JSON (strict) or from the text of a file (lenient) to its wire type.
 * The parser of a field is made once and kept; what changes from request to request comes as Surroundings.
 */
import { closestName } from '../closest-name.ts';
import type { Choices, Field, Json, Pair, PredicateContext } from '../contract.ts';
import { checkPredicate, PredicateError } from '../predicate.ts';
import { Fault } from './fault.ts';
import { itemsParser } from './parse-items.ts';
import { parseLayout } from './parse-layout.ts';
import { booleanParser, decimalParser, integerParser, rateParser } from './parse-number.ts';
import { isCleanLine, isLonger, parseColor, parseEmail, parsePassword, parsePhone, textParser } from './parse-text.ts';
import { dateParser, timeParser } from './parse-time.ts';

export type Source = 'json' | 'text';
export interface Surroundings {
  /** Zone of local times in files. */
  time_zone?: string;
  /** Predicate contexts by name. */
  contexts?: ReadonlyMap<string, PredicateContext>;
  /** Webhooks may go to private networks and by plain http. */
  private_webhooks?: boolean;
}
/** Gives the wire value, null for nothing, or a Fault. */
export type Parser = (raw: unknown, surroundings: Surroundings) => Json | Fault;

const TAGS_MAX = 50;
const TAG_MAX = 40;
const REFS_MAX = 500;

const kept = { json: new WeakMap<Field, Parser>(), text: new WeakMap<Field, Parser>() };

/** @returns the value, null for nothing (absent, null, empty), or a Fault; whether nothing will do is not asked here. */
export function parseFieldValue(
  field: Field,
  raw: unknown,
  source: Source,
  surroundings: Surroundings = {},
): Json | Fault {
  if (raw === undefined || raw === null || raw === '') return isList(field) ? [] : null;
  return parserOf(field, source)(raw, surroundings);
}

/** The field's parser; it expects something, not null or ''. */
export function parserOf(field: Field, source: Source): Parser {
  const known = kept[source].get(field);
  if (known) return known;
  const parser = makeParser(field, source);
  kept[source].set(field, parser);
  return parser;
}

/** Lists have no null: nothing chosen is []. */
export function isList(field: Field): boolean {
  return field.kind === 'choices' || field.kind === 'tags' || field.kind === 'refs' || field.kind === 'rows';
}

function makeParser(field: Field, source: Source): Parser {
  switch (field.kind) {
    case 'text':
    case 'longtext':
      return textParser(field);
    case 'email':
      return parseEmail;
    case 'phone':
      return parsePhone;
    case 'color':
      return parseColor;
    case 'password':
      return parsePassword;
    case 'integer':
    case 'points':
      return integerParser(field, source);
    case 'decimal':
      return decimalParser(field, source);
    case 'money':
      return decimalParser({ ...field, scale: 2 }, source);
    case 'rate':
      return rateParser(source);
    case 'boolean':
      return booleanParser(source);
    case 'date':
      return dateParser(source);
    case 'datetime':
      return timeParser(source);
    case 'choice':
      return choiceParser(field.choices, source);
    case 'choices':
      return listParser(choiceParser(field.choices, source), source, Object.keys(field.choices).length);
    case 'tags':
      return listParser(parseTag, source, TAGS_MAX);
    case 'ref':
      return refParser(source);
    case 'refs':
      return refsParser(field.max ?? REFS_MAX, source);
    case 'items':
    case 'rows':
      return fromText(itemsParser(field), source);
    case 'predicate':
      return fromText(field.context === undefined ? parseCondition : predicateParser(field.context), source);
    case 'layout':
      return fromText(parseLayout, source);
    case 'json':
      return () => new Fault('readonly');
  }
}

/** A code; files may also use the label in either language. Labels that two codes share name neither. */
function choiceParser(choices: Choices, source: Source): Parser {
  const words = new Map<string, string | null>();
  for (const [code, labels] of Object.entries(choices)) {
    for (const label of new Set(labels.map(spelled))) words.set(label, words.has(label) ? null : code);
  }
  for (const code of Object.keys(choices)) words.set(spelled(code), code);
  return (raw) => {
    if (typeof raw === 'string' && Object.hasOwn(choices, raw)) return raw;
    if (typeof raw !== 'string') return new Fault('not_a_choice', { value: '?' });
    const word = spelled(raw);
    if (word === '') return null;
    const code = source === 'text' ? words.get(word) : null;
    if (code) return code;
    const value = [...raw].slice(0, 40).join('').toWellFormed();
    const meant = closestName(value, Object.keys(choices));
    return meant === null ? new Fault('not_a_choice', { value }) : new Fault('not_a_choice_meant', { value, meant });
  };
}

function spelled(text: string): string {
  return text.trim().toLowerCase();
}

const parseTag: Parser = (raw) => {
  if (typeof raw !== 'string') return new Fault('not_a_list');
  const tag = raw.trim();
  if (tag === '') return null;
  if (!isCleanLine(tag)) return new Fault('bad_text');
  return isLonger(tag, TAG_MAX) ? new Fault('tag_too_long', { max: TAG_MAX }) : tag;
};

/** Each value once, in the order given; files separate them with , ; | or their Chinese forms. */
function listParser(parse: Parser, source: Source, max: number): Parser {
  return (raw, surroundings) => {
    const parts = source === 'text' && typeof raw === 'string' ? (jsonList(raw) ?? raw.split(/[,;|，；、｜]/)) : raw;
    if (!Array.isArray(parts)) return new Fault('not_a_list');
    if (parts.length > 1_000) return new Fault('too_many', { max });
    const values = new Set<Json>();
    for (const part of parts) {
      const value = parse(part, surroundings);
      if (value instanceof Fault) return value;
      if (value !== null) values.add(value);
    }
    return values.size > max ? new Fault('too_many', { max }) : [...values];
  };
}

/** A list whose entries hold what parts entries is written as JSON. */
export function jsonList(text: string): unknown[] | null {
  if (!text.trimStart().startsWith('[')) return null;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}

function refParser(source: Source): Parser {
  return (raw) => {
    const id = source === 'text' && typeof raw === 'string' && /^\s*\d{1,16}(\.0+)?\s*$/.test(raw) ? Number(raw) : raw;
    if (typeof raw === 'string' && raw.trim() === '') return null;
    return Number.isSafeInteger(id) && (id as number) >= 0 ? (id as number) : new Fault('not_a_ref');
  };
}

/** Each id once, in the order given. Files write the records by name (splitNames); whoever knows the names finds the ids. */
function refsParser(max: number, source: Source): Parser {
  const one = refParser(source);
  return (raw, surroundings) => {
    const parts = source === 'text' && typeof raw === 'string' ? splitNames(raw) : raw;
    if (!Array.isArray(parts)) return new Fault('not_a_list');
    if (parts.length > max) return new Fault('too_many', { max });
    const ids = new Set<Json>();
    for (const part of parts) {
      const id = part === null ? new Fault('not_a_ref') : one(part, surroundings);
      if (id instanceof Fault) return new Fault('not_refs');
      if (id !== null) ids.add(id);
    }
    return [...ids];
  };
}

/** "金卡; 银卡" -> the titles or codes in it, each once; the Chinese semicolon separates too. */
export function splitNames(text: string): string[] {
  const names = text.split(/[;；]/).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** Over fields that are known only with the rest of the record: whoever knows it checks the condition (records/conditions-of.ts). */
const parseCondition: Parser = (raw) =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Json) : new Fault('not_a_condition');

function predicateParser(name: string): Parser {
  return (raw, { contexts }) => {
    const context = contexts?.get(name);
    if (!context) return new Fault('unknown_context');
    try {
      return checkPredicate(raw, context) as Json;
    } catch (error) {
      if (error instanceof PredicateError) return new Fault('bad_condition', { reason: error.pair, path: error.path });
      throw error;
    }
  };
}

/** Files write lists of records and conditions as JSON. */
function fromText(parse: Parser, source: Source): Parser {
  if (source === 'json') return parse;
  return (raw, surroundings) => {
    if (typeof raw !== 'string') return parse(raw, surroundings);
    if (raw.trim() === '') return null;
    try {
      return parse(JSON.parse(raw), surroundings);
    } catch {
      return new Fault('not_json');
    }
  };
}

/** Whether a required field would still be empty. */
export function isMissing(value: Json | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

export function unknownField(name: string, names: readonly string[]): Fault {
  const shown = [...name].slice(0, 60).join('').toWellFormed();
  const meant = closestName(shown, names);
  return meant === null
    ? new Fault('unknown_field', { name: shown })
    : new Fault('unknown_field_meant', { name: shown, meant });
}

/** The faults of one field by key of the answer ("rules", "rules.2.condition"), each with its label. */
export function faultsAt(name: string, label: Pair, fault: Fault): [string, Fault][] {
  if (fault.parts.length > 0)
    return fault.parts.map(([path, part]) => [
      `${name}.${path}`,
      part.params.label ? part : new Fault(part.key, { label, ...part.params }),
    ]);
  return [[name, new Fault(fault.key, { label, ...fault.params })]];
}
