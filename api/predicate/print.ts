/** Conditions as a sentence, zh or en: "最近一次消费距今 ≤ 30 天 且 订单数 ≥ 2". Never throws; what it does not know it writes as it stands. */
import type { Lang, Pair, Predicate, PredicateContext, PredicateField, ValueType } from '../contract.ts';
import { fieldOf, LIMITS } from './error.ts';

interface Voice {
  context: PredicateContext;
  /** Picks the caller's language. */
  say: (pair: Pair) => string;
  zh: boolean;
}

/** @param predicate best a checked one. {} gives "不限" / "no condition". */
export function printPredicate(predicate: Predicate, context: PredicateContext, lang: Lang): string {
  const zh = lang === 'zh';
  const sentence = print(predicate, { context, zh, say: (pair) => pair[zh ? 0 : 1] }, 1);
  return sentence.text;
}

/** `compound`: needs brackets beside the other connective. */
interface Printed {
  text: string;
  compound: 'and' | 'or' | null;
}

function print(node: unknown, voice: Voice, depth: number): Printed {
  if (typeof node !== 'object' || node === null || depth > LIMITS.depth) return { text: '…', compound: null };
  const parts = Object.entries(node).map(([key, value]): Printed => {
    if (key === 'not')
      return {
        text: voice.say(['不满足', 'not ']) + bracket(print(value, voice, depth + 1).text, voice),
        compound: null,
      };
    if ((key === 'and' || key === 'or') && Array.isArray(value)) {
      return connect(
        key,
        value.map((part) => print(part, voice, depth + 1)),
        voice,
      );
    }
    return printField(key, value, voice);
  });
  return connect('and', parts, voice);
}

function connect(how: 'and' | 'or', parts: Printed[], voice: Voice): Printed {
  if (parts.length === 0)
    return { text: voice.say(how === 'and' ? ['不限', 'no condition'] : ['永不满足', 'never']), compound: null };
  if (parts.length === 1) return parts[0]!;
  const other = how === 'and' ? 'or' : 'and';
  const texts = parts.map((part) => (part.compound === other ? bracket(part.text, voice) : part.text));
  return { text: texts.join(voice.say(how === 'and' ? [' 且 ', ' and '] : [' 或 ', ' or '])), compound: how };
}

function bracket(text: string, { zh }: Voice): string {
  return zh ? `（${text}）` : `(${text})`;
}

function printField(name: string, comparison: unknown, voice: Voice): Printed {
  const field = fieldOf(voice.context, name) ?? { type: 'text' as const, label: [name, name] as const };
  const label = voice.say(field.label);
  if (typeof comparison !== 'object' || comparison === null) return { text: `${label} ?`, compound: null };
  const { gte, lte, ...rest } = comparison as { [operator: string]: unknown };
  const all: [string, unknown][] =
    gte !== undefined && lte !== undefined
      ? [['between', [gte, lte]], ...Object.entries(rest)]
      : Object.entries(comparison);
  const parts = all.map(
    ([operator, operand]): Printed => ({
      text: `${label}${printOperator(operator, operand, field, voice)}`,
      compound: null,
    }),
  );
  return connect('and', parts, voice);
}

const SIGNS: { [operator: string]: string } = { eq: '=', ne: '≠', gt: '>', gte: '≥', lt: '<', lte: '≤' };
/** Said of texts, choices and booleans, and of days and times, instead of the signs. */
const WORDS: { [operator: string]: Pair } = { eq: ['为', 'is'], ne: ['不为', 'is not'] };
const DATES: { [operator: string]: Pair } = {
  eq: ['为', 'is'],
  ne: ['不为', 'is not'],
  gt: ['晚于', 'is after'],
  gte: ['不早于', 'is on or after'],
  lt: ['早于', 'is before'],
  lte: ['不晚于', 'is on or before'],
};
const TEXTS: { [operator: string]: Pair } = {
  like: ['包含', 'contains'],
  nlike: ['不包含', 'does not contain'],
  sw: ['开头为', 'starts with'],
  ew: ['结尾为', 'ends with'],
  has: ['含有', 'includes'],
};
const LISTS: { [operator: string]: Pair } = {
  in: ['属于', 'is one of'],
  nin: ['不属于', 'is none of'],
  overlaps: ['含有任一', 'includes any of'],
};

/** Everything after the label, with the space that goes before it. */
function printOperator(operator: string, operand: unknown, field: PredicateField, voice: Voice): string {
  const { say } = voice;
  if (operator === 'null') return say([' 为空', ' is empty']);
  if (operator === 'notNull') return say([' 不为空', ' is not empty']);
  if (operator === 'between' && Array.isArray(operand)) {
    const [from, to] = operand.map((value) => printOperand(value, field, voice));
    return ` ${say([`介于 ${from} 与 ${to} 之间`, `is between ${from} and ${to}`])}`;
  }
  const list = own(LISTS, operator);
  if (list && Array.isArray(operand)) {
    const values =
      operand.map((value) => printOperand(value, field, voice)).join(say(['、', ', '])) || say(['空', 'nothing']);
    return ` ${say(list)}${say(['', ' '])}${bracket(values, voice)}`;
  }
  const text = own(TEXTS, operator);
  if (text) return ` ${say(text)} ${printLiteral(operand, field, voice)}`;
  const word = own(isDay(field.type) ? DATES : isQuantity(field.type) ? {} : WORDS, operator);
  return ` ${word ? say(word) : (own(SIGNS, operator) ?? operator)} ${printOperand(operand, field, voice)}`;
}

function isDay(type: ValueType): boolean {
  return type === 'date' || type === 'time';
}

function isQuantity(type: ValueType): boolean {
  return type === 'integer' || type === 'decimal';
}

function printOperand(value: unknown, field: PredicateField, voice: Voice): string {
  const { say, context } = voice;
  if (value === null || value === undefined) return say(['空值', 'nothing']);
  if (typeof value === 'object') {
    const { $field: name, $text: text } = value as { $field?: unknown; $text?: unknown };
    if (typeof name === 'string') {
      const other = fieldOf(context, name);
      return other ? say(other.label) : name;
    }
    return printLiteral(text ?? '?', field, voice);
  }
  if (typeof value === 'string' && value.startsWith('$')) return printToken(value, voice);
  return printLiteral(value, field, voice);
}

function printLiteral(value: unknown, { type, choices, unit }: PredicateField, { say }: Voice): string {
  if (typeof value === 'boolean') return say(value ? ['是', 'yes'] : ['否', 'no']);
  if (isQuantity(type) && (typeof value === 'number' || typeof value === 'string')) {
    return unit ? `${value} ${say(unit)}` : String(value);
  }
  if (typeof value !== 'string') return String(typeof value === 'number' ? value : '?');
  const label = choices && Object.hasOwn(choices, value) ? choices[value] : null;
  if (label) return say(label);
  if (type === 'time')
    return value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00(?:\.0+)?(?!\.))?/, '$1 $2').replace(/Z$/, ' UTC');
  return type === 'date' ? value : say([`“${value}”`, `"${value}"`]);
}

const UNITS: { [unit: string]: Pair } = {
  m: ['分钟', 'minute'],
  h: ['小时', 'hour'],
  d: ['天', 'day'],
  w: ['周', 'week'],
};
const NAMED: { [token: string]: Pair } = {
  $me: ['本人', 'me'],
  $now: ['现在', 'now'],
  $today: ['今天', 'today'],
  '$today-1d': ['昨天', 'yesterday'],
  '$today+1d': ['明天', 'tomorrow'],
};

function printToken(token: string, { say }: Voice): string {
  const named = own(NAMED, token.replace(/[+-]0+[mhdw]$/, ''));
  if (named) return say(named);
  const match = /^\$(?:now|today)([+-])0*(\d+)([mhdw])$/.exec(token);
  if (!match) return token;
  const [, sign, count, unit = 'd'] = match;
  const [zh, en] = UNITS[unit]!;
  const span = `${count} ${en}${count === '1' ? '' : 's'}`;
  return say(sign === '-' ? [`${count} ${zh}前`, `${span} ago`] : [`${count} ${zh}后`, `${span} from now`]);
}

function own<T>(map: { [key: string]: T }, key: string): T | null {
  return Object.hasOwn(map, key) ? map[key]! : null;
}
