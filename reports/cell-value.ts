/** A value of a report as people read it: exact for tables, short for axes and labels. */
import type { Json, Lang } from '../api/contract.ts';
import type { ReportColumn } from '../api/contract-reports.ts';

export interface Reader {
  lang: Lang;
  /** ISO 4217; money columns are in it. */
  currency: string;
  /** The programme's day; a month or week that it falls into is not over. */
  today?: string;
}

const LOCALES = { zh: 'zh-CN', en: 'en-GB' };

export const pick = (lang: Lang, pair: readonly [string, string]): string => pair[lang === 'zh' ? 0 : 1];

/** The whole value: "¥1,234.50", "25.35%", "2026-03-01". Empty for null. */
export function showValue(value: Json, column: ReportColumn, { lang, currency }: Reader): string {
  if (value === null || value === undefined) return '';
  const label = column.labels?.[String(value)];
  if (label) return pick(lang, label);
  if (typeof value === 'boolean') return lang === 'zh' ? (value ? '是' : '否') : value ? 'Yes' : 'No';
  if (typeof value === 'object') return JSON.stringify(value);
  if (!isMeasured(column)) return column.role === 'time' ? showTime(String(value)) : String(value);
  const locale = LOCALES[lang];
  switch (column.unit) {
    case 'money':
      return number(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }, value);
    case 'rate':
      return number(locale, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }, value);
    case 'days':
      return `${number(locale, { maximumFractionDigits: 1 }, value)}${lang === 'zh' ? ' 天' : ' d'}`;
    case 'count':
      return number(locale, { maximumFractionDigits: 0 }, value);
    default:
      return number(locale, { maximumFractionDigits: 4 }, value);
  }
}

/** Short, for axes and marks: "1.2万", "12K", "25.4%". */
export function shortValue(value: number, unit: ReportColumn['unit'], { lang, currency }: Reader): string {
  const locale = LOCALES[lang];
  if (unit === 'rate') return number(locale, { style: 'percent', maximumFractionDigits: 1 }, value);
  const small = Math.abs(value) < 10_000;
  const compact: Intl.NumberFormatOptions = small
    ? { maximumFractionDigits: unit === 'count' ? 0 : 2 }
    : { notation: 'compact', maximumFractionDigits: 1 };
  if (unit === 'money')
    return number(
      locale,
      { ...compact, style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 0 },
      value,
    );
  return number(locale, compact, value);
}

export function isMeasured(column: ReportColumn): boolean {
  return column.role === 'measure' || column.role === 'weight';
}

/** "2026-03-01T08:00:00.000Z" in the reader's own zone; days stay as they are. */
function showTime(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text)) return text;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toLocaleString('sv-SE').slice(0, 16);
}

const formats = new Map<string, Intl.NumberFormat>();

/** Decimals come as text and are formatted as text: no digit is lost. */
function number(locale: string, options: Intl.NumberFormatOptions, value: number | string): string {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format.format(value as number);
}
