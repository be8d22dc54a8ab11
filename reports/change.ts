/** How a figure differs from another of itself, in words and in colour. */
import type { Json, Lang } from '../api/contract.ts';
import type { MetricDefinition, ReportColumn } from '../api/contract-reports.ts';
import { type Reader, showValue } from './cell-value.ts';
import { say } from './words.ts';

/** Rates differ by points, everything else by a share. The colour says whether that is good, where the metric says so. */
export function showChange(
  { unit, good }: Pick<MetricDefinition, 'unit' | 'good'>,
  change: Json,
  lang: Lang,
): { text: string; tone: 'same' | 'good' | 'bad' } | null {
  if (change === null) return null;
  const number = Number(change);
  const sign = signOf(number);
  const amount = showValue(
    Math.abs(number),
    { role: 'measure', label: ['', ''], unit: 'rate' },
    { lang, currency: 'CNY' },
  );
  const text =
    unit === 'rate' ? say(lang, 'points_up', { value: `${sign}${amount.replace('%', '')}` }) : `${sign}${amount}`;
  const pleases = good === 'none' || number === 0 ? null : number > 0 === (good === 'up');
  return { text, tone: pleases === null ? 'same' : pleases ? 'good' : 'bad' };
}

/** "+¥12.00", "−3"; a difference of rates in points. */
export function showSigned(value: string, column: ReportColumn, reader: Reader): string {
  if (column.unit === 'rate') return showChange({ unit: 'rate', good: 'none' }, value, reader.lang)?.text ?? '–';
  return `${signOf(Number(value))}${showValue(value.replace(/^-/, ''), column, reader)}`;
}

/** The ends of an interval of a difference of rates, the unit once: +5.84 – +16.31 个百分点. */
export function showRange(low: Json, high: Json, lang: Lang): string {
  const end = (value: Json) => `${signOf(Number(value))}${Math.abs(Number(value) * 100).toFixed(2)}`;
  return say(lang, 'points_up', { value: `${end(low)} – ${end(high)}` });
}

function signOf(number: number): string {
  return number > 0 ? '+' : number < 0 ? '−' : '';
}
