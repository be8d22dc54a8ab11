/** Values of report parameters: from the URL or the default to what is bound. */
import type { Json, Lang, Pair } from '../contract.ts';
import type { ReportParam } from '../contract-reports.ts';
import { type DayRange, daysBetween, printRange, resolveDay, resolveRange } from './dates.ts';

/** Parameters every report may use without declaring them, and their SQL types. */
export const BUILT_IN: { [name: string]: string } = { lang: 'text', today: 'date' };

const SQL_TYPES = {
  text: 'text',
  integer: 'bigint',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  enum: 'text',
} as const;

/** Names as SQL writes them -> type: a daterange gives `<name>_from` and `<name>_to`. */
export function bindTypes(params: { [name: string]: ReportParam }): Map<string, string> {
  const types = new Map(Object.entries(BUILT_IN));
  for (const [name, param] of Object.entries(params)) {
    if (param.type === 'daterange') {
      types.set(`${name}_from`, 'date');
      types.set(`${name}_to`, 'date');
    } else {
      types.set(name, SQL_TYPES[param.type] + (param.many ? '[]' : ''));
    }
  }
  return types;
}

export interface ParamValues {
  /** What a link would carry: resolved, a range as "from..last" with both days inside. */
  shown: { [name: string]: Json };
  /** By the names SQL uses; null means all. */
  bound: { [name: string]: Json };
  /** Of each daterange. */
  ranges: { [name: string]: DayRange };
  wrong: { name: string; message: Pair } | null;
}

/** @param query every value given, in the order given; an unknown name or a value that does not fit comes back as `wrong`. */
export function resolveParams(
  params: { [name: string]: ReportParam },
  query: { [name: string]: string[] },
  { today, lang }: { today: string; lang: Lang },
): ParamValues {
  const values: ParamValues = { shown: {}, bound: { lang, today }, ranges: {}, wrong: null };
  const unknown = Object.keys(query).find((name) => !Object.hasOwn(params, name));
  if (unknown !== undefined) {
    return {
      ...values,
      wrong: { name: unknown, message: [`报表没有参数 ${unknown}`, `The report has no parameter ${unknown}`] },
    };
  }
  for (const [name, param] of Object.entries(params)) {
    const given = query[name];
    const fallback = param.default === undefined || param.default === null ? [] : [param.default].flat().map(String);
    const parsed = parseParam(param, given ?? fallback, today);
    if (parsed.wrong) return { ...values, wrong: { name, message: parsed.wrong } };
    values.shown[name] = parsed.shown;
    if (param.type === 'daterange') {
      if (parsed.range) values.ranges[name] = parsed.range;
      values.bound[`${name}_from`] = parsed.range?.from ?? null;
      values.bound[`${name}_to`] = parsed.range?.to ?? null;
    } else {
      values.bound[name] = parsed.shown;
    }
  }
  return values;
}

interface Parsed {
  shown: Json;
  range?: DayRange;
  wrong?: Pair;
}

/** One parameter's texts to its value. No text, or one empty text, means all; only a parameter without default allows it. */
export function parseParam(param: ReportParam, texts: string[], today: string): Parsed {
  const given = texts.filter((text) => text !== '');
  if (given.length === 0) {
    if (param.default === undefined || param.default === null) return { shown: null };
    return { shown: null, wrong: ['不能为空', 'a value is needed'] };
  }
  if (given.length > 1 && !param.many) return { shown: null, wrong: ['只能给一个值', 'only one value is allowed'] };
  if (given.length > 200) return { shown: null, wrong: ['最多 200 个值', 'at most 200 values'] };
  if (param.type === 'daterange') return parseRange(param, given[0]!, today);
  const items = given.map((text) => parseItem(param, text, today));
  const wrong = items.find((item) => item.wrong)?.wrong;
  if (wrong) return { shown: null, wrong };
  return { shown: param.many ? items.map((item) => item.shown) : items[0]!.shown };
}

function parseRange(param: ReportParam, text: string, today: string): Parsed {
  const range = resolveRange(text, today);
  if (!range) {
    return {
      shown: null,
      wrong: [
        `${text} 不是日期范围，例如 2026-01-01..2026-01-31 或 last_28d`,
        `${text} is not a range of days such as 2026-01-01..2026-01-31 or last_28d`,
      ],
    };
  }
  const most = typeof param.max === 'string' ? Number.parseInt(param.max, 10) : Infinity;
  if (daysBetween(range.from, range.to) > most) {
    return { shown: null, wrong: [`最长 ${most} 天`, `at most ${most} days`] };
  }
  return { shown: printRange(range), range };
}

function parseItem(param: ReportParam, text: string, today: string): Parsed {
  switch (param.type) {
    case 'enum':
      if (param.values?.includes(text)) return { shown: text };
      return {
        shown: null,
        wrong: [`${text} 不在选项 ${param.values?.join('、')} 中`, `${text} is none of ${param.values?.join(', ')}`],
      };
    case 'boolean':
      if (text === 'true' || text === 'false') return { shown: text === 'true' };
      return { shown: null, wrong: [`${text} 应为 true 或 false`, `${text} is not true or false`] };
    case 'date': {
      const day = resolveDay(text, today);
      return day
        ? { shown: day }
        : { shown: null, wrong: [`${text} 不是日期，例如 2026-01-31`, `${text} is not a date such as 2026-01-31`] };
    }
    case 'integer':
    case 'decimal':
      return parseNumber(param, text);
    default:
      if (text.length > 1000 || text.includes('\0'))
        return { shown: null, wrong: ['文字太长', 'the text is too long'] };
      return { shown: text };
  }
}

/** Decimals stay text, so that nothing is rounded on the way. */
function parseNumber(param: ReportParam, text: string): Parsed {
  const whole = param.type === 'integer';
  const number = Number(text);
  if (!(whole ? /^-?\d{1,16}$/ : /^-?\d{1,15}(\.\d{1,6})?$/).test(text) || (whole && !Number.isSafeInteger(number))) {
    return {
      shown: null,
      wrong: [`${text} 不是${whole ? '整数' : '数字'}`, `${text} is not ${whole ? 'a whole number' : 'a number'}`],
    };
  }
  if (param.min !== undefined && number < param.min)
    return { shown: null, wrong: [`不能小于 ${param.min}`, `at least ${param.min}`] };
  if (typeof param.max === 'number' && number > param.max)
    return { shown: null, wrong: [`不能大于 ${param.max}`, `at most ${param.max}`] };
  return { shown: whole ? number : text };
}
