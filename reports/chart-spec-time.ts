/** Charts over time and categories: line with its interval, columns, stacked columns, stacked area, columns with a line. */

import { type Datum, distinct } from './chart-data.ts';
import type { ChartInput, Spec } from './chart-spec.ts';
import {
  categoryAxis,
  colorScale,
  dayAxis,
  eventLines,
  fitAbove,
  legend,
  runningStep,
  timeScale,
  tooltipLine,
  tooltipTitle,
  valueAxis,
} from './chart-spec-parts.ts';
import { DASHES } from './compared.ts';

/** Points are drawn where there are few enough to be told apart. */
const DOTTED = 60;
/** Of a month or week that goes on: lighter, and a line to it is dashed. */
const UNFINISHED = 0.4;

export function lineSpec(input: ChartInput): Spec {
  const { definition, data, palette, colors } = input;
  const { x = '', y = '', color, low, high, target, before, earlier, limit_low, limit_high, young } = definition.chart;
  const names = distinct(data, color);
  const paint = color ? { color } : {};
  const plain = color ? {} : { stroke: colors([''])[0] };
  const running = runningStep(input, x);
  const whole = withGaps(
    input,
    data.filter((datum) => !running(datum)),
  );
  const tail = data.some(running) ? lastStep(input, running) : [];
  const unripe = (datum: Datum) => young !== undefined && datum.$row[young] === true;
  const unusual = (datum: Datum) => !running(datum) && !unripe(datum) && outside(datum, { y, limit_low, limit_high });
  const ribbon =
    low && high
      ? [
          {
            type: 'area',
            encode: { x, y: [low, high], ...paint },
            style: { fillOpacity: 0.16, ...(color ? {} : { fill: colors([''])[0] }) },
            tooltip: false,
          },
        ]
      : [];
  const dots =
    data.length <= DOTTED * Math.max(names.length, 1)
      ? [
          {
            type: 'point',
            encode: { x, y, ...paint, shape: 'point', size: 2.5 },
            style: {
              ...(color ? {} : { fill: (datum: Datum) => (unusual(datum) ? palette.signal : colors([''])[0]) }),
              fillOpacity: (datum: Datum) => (running(datum) || unripe(datum) ? UNFINISHED : 1),
            },
            tooltip: false,
          },
        ]
      : [];
  const line = (rows: readonly Datum[], style: Spec = {}) => ({
    type: 'line',
    data: rows,
    encode: { x, y, ...paint },
    style: { lineWidth: 2, ...plain, ...style },
    tooltip: { title: tooltipTitle(input, x), items: tooltips(input, [y, low, high, target, before, earlier], color) },
  });
  return {
    type: 'view',
    data,
    scale: { ...(color ? colorScale(input, color) : {}), x: timeScale(input), ...fromZero(input, y) },
    axis: { x: xAxis(input, x), y: valueAxis(input, y) },
    legend: names.length > 1 ? legend(input) : false,
    children: [
      ...ribbon,
      ...besides(input, whole),
      line(whole),
      ...(tail.length > 0 ? [line(tail, { lineDash: [4, 4] })] : []),
      ...dots,
      ...eventLines(input),
    ],
    insetLeft: 14,
    insetRight: 26,
    interaction: { tooltip: { crosshairsStroke: palette.muted, marker: !low } },
  };
}

function outside(
  datum: Datum,
  { y, limit_low, limit_high }: Partial<Record<'y' | 'limit_low' | 'limit_high', string | undefined>>,
) {
  const value = datum[y ?? ''];
  const [low, high] = [datum[limit_low ?? ''], datum[limit_high ?? '']];
  if (typeof value !== 'number' || typeof low !== 'number' || typeof high !== 'number') return false;
  return value < low || value > high;
}

/** Target, limits and what was before, thin and dashed: beside the line, never in front of it. */
function besides({ definition, palette }: ChartInput, rows: readonly Datum[]): Spec[] {
  const { x = '', target, before, earlier, limit_low, limit_high } = definition.chart;
  const dashed = (y: string, stroke: string, lineDash: readonly number[]) => ({
    type: 'line',
    data: rows,
    encode: { x, y },
    style: { lineWidth: 1.5, stroke, lineDash },
    tooltip: false,
  });
  return [
    ...[limit_low, limit_high].flatMap((limit) => (limit ? [dashed(limit, palette.muted, [1, 4])] : [])),
    ...(before ? [dashed(before, palette.other, DASHES.previous_period)] : []),
    ...(earlier ? [dashed(earlier, palette.muted, DASHES.same_period_last_year)] : []),
    ...(target ? [dashed(target, palette.target, DASHES.target)] : []),
  ];
}

export function columnSpec(input: ChartInput): Spec {
  const { definition, data, colors } = input;
  const { kind, x = '', y = '', color } = definition.chart;
  const top = (datum: { [key: string]: unknown }) => input.short(y)(Number(datum[y]));
  // A number on top would lie on the interval.
  const few = data.length <= 16 && !color && !definition.chart.low && fitAbove(input, data.map(top));
  const running = runningStep(input, x);
  const columns = {
    type: 'interval',
    data,
    encode: { x, y, ...(color ? { color } : {}) },
    transform: color ? [kind === 'stacked' ? { type: 'stackY' } : { type: 'dodgeX' }] : [],
    scale: { ...(color ? colorScale(input, color) : {}), x: { padding: 0.3, ...timeScale(input) }, y: { nice: true } },
    style: {
      ...{ radiusTopLeft: 3, radiusTopRight: 3, maxWidth: 56 },
      fillOpacity: (datum: Datum) => (running(datum) ? UNFINISHED : 1),
      ...(color ? {} : { fill: colors([''])[0] }),
    },
    axis: { x: xAxis(input, x), y: valueAxis(input, y) },
    legend: color ? legend(input) : false,
    labels: few
      ? [
          {
            text: top,
            position: 'top',
            dy: -16,
            fill: input.palette.ink,
            fontSize: 12,
          },
        ]
      : [],
    tooltip: {
      title: tooltipTitle(input, x),
      items: color ? [tooltipLine(input, y, color)] : tooltips(input, measures(input)),
    },
    interaction: { tooltip: { shared: Boolean(color) } },
  };
  const { low, high } = definition.chart;
  return low && high && !color
    ? { type: 'view', data, children: [columns, whiskers(input, { x, low, high })] }
    : columns;
}

/** What the value may be, from end to end, over its column. */
function whiskers({ palette, data }: ChartInput, { x, low, high }: { x: string; low: string; high: string }): Spec {
  return {
    type: 'link',
    data: data.filter((datum) => datum[low] !== null && datum[high] !== null),
    encode: { x, y: [low, high] },
    style: { stroke: palette.ink, strokeOpacity: 0.75, lineWidth: 1.5 },
    tooltip: false,
  };
}

export function areaSpec(input: ChartInput): Spec {
  const { definition, data } = input;
  const { x = '', y = '', color = '' } = definition.chart;
  // One day has no width: an area would draw nothing.
  if (distinct(data, x).length === 1) {
    return columnSpec({ ...input, definition: { ...definition, chart: { ...definition.chart, kind: 'stacked' } } });
  }
  return {
    type: 'view',
    data,
    scale: { ...colorScale(input, color), x: timeScale(input) },
    axis: { x: xAxis(input, x), y: valueAxis(input, y) },
    legend: legend(input),
    children: [
      {
        type: 'area',
        encode: { x, y, color },
        transform: [{ type: 'stackY', orderBy: null, y: 'y' }],
        style: { fillOpacity: 0.82 },
        tooltip: { title: tooltipTitle(input, x), items: [tooltipLine(input, y, color)] },
      },
    ],
    insetLeft: 14,
    insetRight: 26,
    interaction: { tooltip: { crosshairsStroke: input.palette.muted } },
  };
}

export function comboSpec(input: ChartInput): Spec {
  const { definition, data, colors, label } = input;
  const { x = '', y = '', line = '' } = definition.chart;
  const names = [label(y), label(line)];
  const [bar, stroke] = colors(names);
  const running = runningStep(input, x);
  const tail = data.some(running) ? lastStep(input, running) : [];
  const rate = (rows: readonly Datum[], style: Spec = {}) => ({
    type: 'line',
    data: rows,
    encode: { x, y: line, color: () => names[1], series: () => names[1] },
    // Both parts of the line are measured alike, and not like the columns.
    scale: { y: { key: 'line', domainMin: 0, domainMax: highest(data, line), nice: true } },
    style: { lineWidth: 2, ...style },
    // One axis for both: each part has to say it, the last one counts.
    axis: { y: valueAxis(input, line, { position: 'right', grid: false }) },
    tooltip: { title: tooltipTitle(input, x), items: [tooltipLine(input, line)] },
  });
  return {
    type: 'view',
    data,
    scale: { color: { domain: names, range: [bar, stroke] } },
    legend: legend(input),
    axis: { x: xAxis(input, x) },
    children: [
      {
        type: 'interval',
        encode: { x, y, color: () => names[0] },
        scale: { x: { padding: 0.3, ...timeScale(input) }, y: { nice: true } },
        style: {
          ...{ radiusTopLeft: 3, radiusTopRight: 3, maxWidth: 56 },
          fillOpacity: (datum: Datum) => (running(datum) ? UNFINISHED : 0.85),
        },
        axis: { y: valueAxis(input, y) },
        tooltip: { title: tooltipTitle(input, x), items: [tooltipLine(input, y)] },
      },
      rate(
        withGaps(
          input,
          data.filter((datum) => !running(datum)),
        ),
      ),
      ...(tail.length > 0 ? [rate(tail, { lineDash: [4, 4] })] : []),
    ],
    interaction: { tooltip: { sort: (item: { name: string }) => names.indexOf(item.name), crosshairs: false } },
  };
}

/** Where a step has no row the line is broken: nothing is known of it. */
function withGaps({ data: all, definition, time }: ChartInput, data: readonly Datum[]): Datum[] {
  const { x = '', y = '', color, line, low, high, target, before, limit_low, limit_high } = definition.chart;
  const known = new Set(all.map((datum) => String(datum[x])));
  const missing = (time?.steps ?? []).filter((step) => !known.has(step));
  if (missing.length === 0) return [...data];
  const series = color ? distinct(all, color) : [''];
  const nothing = Object.fromEntries(
    [y, line, low, high, target, before, limit_low, limit_high].flatMap((name) => (name ? [[name, null]] : [])),
  );
  const gaps = missing.flatMap((step) =>
    series.map((name): Datum => ({ ...nothing, [x]: step, ...(color ? { [color]: name } : {}), $row: {} })),
  );
  return [...data, ...gaps].sort((a, b) => (String(a[x]) < String(b[x]) ? -1 : String(a[x]) > String(b[x]) ? 1 : 0));
}

/** The step that is not over, and the one before it: what leads from one to the other. */
function lastStep({ data, definition, time }: ChartInput, running: (datum: Datum) => boolean): Datum[] {
  const { x = '' } = definition.chart;
  const at = String(data.find(running)?.[x]);
  const before = time?.steps[time.steps.indexOf(at) - 1];
  return data.filter((datum) => datum[x] === at || datum[x] === before);
}

const highest = (data: readonly Datum[], column: string): number =>
  Math.max(0, ...data.map((datum) => Number(datum[column] ?? 0)));

function xAxis(input: ChartInput, x: string): Spec {
  return input.column(x).role === 'time' ? dayAxis(input, x) : categoryAxis(input);
}

function tooltips(input: ChartInput, columns: readonly (string | undefined)[], series?: string) {
  const [first, ...rest] = columns.filter((column) => column !== undefined);
  return [...(first ? [tooltipLine(input, first, series)] : []), ...rest.map((column) => tooltipLine(input, column))];
}

function measures({ definition }: ChartInput): string[] {
  const { y = '' } = definition.chart;
  return [
    y,
    ...Object.keys(definition.columns).filter((name) => name !== y && definition.columns[name]!.role === 'measure'),
  ];
}

/** A rate is read from zero. */
function fromZero(input: ChartInput, y: string): Spec {
  return { y: { nice: true, ...(input.column(y).unit === 'rate' ? { domainMin: 0 } : {}) } };
}
