/**
 * A chart's short kind and its rows into a G2 specification. Knows nothing of G2 itself: plain data and label functions,
 * so that it can be tested without drawing.
 */
import type { CalendarEvent, ReportColumn, ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader, shortValue, showValue } from './cell-value.ts';
import { chartData, type Datum, distinct } from './chart-data.ts';
import { sankeySpec } from './chart-spec-flow.ts';
import { cellSpec, funnelSpec, heatmapSpec, scatterSpec } from './chart-spec-shapes.ts';
import { areaSpec, columnSpec, comboSpec, lineSpec } from './chart-spec-time.ts';
import { type Palette, palette, seriesColors } from './palette.ts';
import { type TimeSteps, timeSteps } from './time-steps.ts';

export type Spec = { [key: string]: unknown };

/** Everything a kind of chart needs to be described. */
export interface ChartInput {
  definition: ReportDefinition;
  data: Datum[];
  reader: Reader;
  palette: Palette;
  colors(names: readonly string[], taken?: readonly string[]): string[];
  label(column: string): string;
  column(name: string): ReportColumn;
  short(column: string): (value: number) => string;
  exact(column: string, datum: Datum): string;
  /** Drawn beside others, with half the room. */
  small: boolean;
  /** Of the time axis; null where x is no day. */
  time: TimeSteps | null;
  events: readonly CalendarEvent[];
}
export type ChartPlan =
  | { kind: 'chart'; spec: Spec; height: number }
  | { kind: 'none' }
  | { kind: 'refused'; marks: number; most: number };

/** Above these a chart is slow and says nothing; the table and a coarser grain remain. A line is one mark however many points. */
const MOST_MARKS = 2_000;
const MOST_POINTS = 10_000;

/** Flows of many nodes, and places of a page. */
const TALL = new Set(['sankey', 'heatmap']);

const KINDS: { [kind: string]: (input: ChartInput) => Spec } = {
  line: lineSpec,
  column: columnSpec,
  stacked: columnSpec,
  area: areaSpec,
  combo: comboSpec,
  cell: cellSpec,
  heatmap: heatmapSpec,
  sankey: sankeySpec,
  scatter: scatterSpec,
  funnel: funnelSpec,
};

export function planChart(
  definition: ReportDefinition,
  result: ReportResult,
  { reader, dark, still, small = false }: { reader: Reader; dark: boolean; still: boolean; small?: boolean },
): ChartPlan {
  const { kind } = definition.chart;
  const draw = KINDS[kind];
  if (!draw || result.rows.length === 0) return { kind: 'none' };
  const most = kind === 'line' || kind === 'area' ? MOST_POINTS : MOST_MARKS;
  if (result.rows.length > most) return { kind: 'refused', marks: result.rows.length, most };
  const data = chartData(definition, result, reader);
  const { x } = definition.chart;
  const input: ChartInput = {
    definition,
    data,
    time: x && definition.columns[x]!.role === 'time' ? timeSteps(distinct(data, x)) : null,
    events: result.events ?? [],
    reader,
    palette: palette(dark),
    colors: (names, taken) => seriesColors(names, dark, taken),
    label: (column) => pick(reader.lang, definition.columns[column]!.label),
    column: (name) => definition.columns[name]!,
    short: (column) => (value) => shortValue(value, definition.columns[column]!.unit, reader),
    small,
    exact: (column, datum) => showValue(datum.$row[column] ?? null, definition.columns[column]!, reader),
  };
  const spec = draw(input);
  const height = kind === 'cell' ? cellHeight(input) : small ? 270 : TALL.has(kind) ? 480 : 380;
  // A dozen beside each other, drawn again each minute, would never come to rest.
  return { kind: 'chart', height, spec: { ...spec, ...(still || small ? { animate: false } : {}) } };
}

function cellHeight({ data, definition, small }: ChartInput): number {
  const [row, least] = small ? [24, 270] : [64, 260];
  return Math.min(Math.max(distinct(data, definition.chart.y).length * row + 110, least), 640);
}
