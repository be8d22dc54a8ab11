/** What a chart shows, in words made from its numbers: read aloud in place of the picture. */
import type { ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { chartData, type Datum, distinct } from './chart-data.ts';

export function chartSummary(definition: ReportDefinition, result: ReportResult, reader: Reader): string {
  const { lang } = reader;
  const { chart, columns } = definition;
  const title = pick(lang, definition.title);
  const measure = chart.value ?? chart.y;
  const data = chartData(definition, result, reader).filter((datum) => measure && datum[measure] !== null);
  if (!measure || data.length === 0) return lang === 'zh' ? `${title}：没有数据` : `${title}: no data`;
  const say = (datum: Datum) =>
    `${place(definition, datum)} ${showValue(datum.$row[measure] ?? null, columns[measure]!, reader)}`;
  const sorted = [...data].sort((a, b) => Number(a[measure]) - Number(b[measure]));
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const label = pick(lang, columns[measure]!.label);
  const series = distinct(data, chart.color);
  const many =
    series.length > 1
      ? lang === 'zh'
        ? `，${series.length} 个系列：${series.join('、')}`
        : `, ${series.length} series: ${series.join(', ')}`
      : '';
  const over = chart.x && columns[chart.x]!.role === 'time' ? span(data, chart.x, lang) : '';
  if (data.length === 1) return `${title}：${label} ${say(most)}`;
  return lang === 'zh'
    ? `${title}：${label}${over}${many}。最高 ${say(most)}，最低 ${say(least)}，共 ${data.length} 个数据点。`
    : `${title}: ${label}${over}${many}. Highest ${say(most)}, lowest ${say(least)}, ${data.length} points.`;
}

/** Kinds whose y is a place too. */
const TWO_SIDED = new Set(['cell', 'heatmap', 'sankey']);

function place({ chart }: ReportDefinition, datum: Datum): string {
  const at = [chart.step, chart.color, chart.x, TWO_SIDED.has(chart.kind) ? chart.y : undefined];
  return [...new Set(at)].flatMap((column) => (column ? [String(datum[column])] : [])).join(' / ');
}

function span(data: readonly Datum[], x: string, lang: Reader['lang']): string {
  const days = distinct(data, x);
  return lang === 'zh' ? `，${days[0]} 至 ${days.at(-1)}` : ` from ${days[0]} to ${days.at(-1)}`;
}
