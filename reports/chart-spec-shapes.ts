/** Charts that are not over time: cells of a matrix, a heatmap, points, a funnel. */

import { type Datum, distinct } from './chart-data.ts';
import type { ChartInput, Spec } from './chart-spec.ts';
import {
  categoryAxis,
  colorScale,
  everyNth,
  legend,
  tooltipLine,
  tooltipTitle,
  valueAxis,
} from './chart-spec-parts.ts';

export function cellSpec(input: ChartInput): Spec {
  const { definition, data, palette, label, exact } = input;
  const { x = '', y = '', value = '', color } = definition.chart;
  const most = Math.max(...data.map((datum) => Number(datum[value]) || 0)) || 1;
  const rows = inOrder(input, y);
  const others = measuresBeside(definition, value);
  const share = (datum: Datum) => (Number(datum[value]) || 0) / most;
  return {
    type: 'cell',
    data,
    encode: { x, y, color: color ?? value },
    scale: {
      x: { domain: inOrder(input, x), padding: 0 },
      y: { domain: rows, padding: 0 },
      ...(color
        ? colorScale(input, color)
        : { color: { type: 'linear', range: palette.ramp, domainMin: 0, unknown: palette.line } }),
    },
    style: {
      inset: 1.5,
      radius: 4,
      // Colour names the group, its strength the number: the text on it stays readable.
      ...(color ? { fillOpacity: (datum: Datum) => 0.14 + 0.41 * Math.sqrt(share(datum)) } : {}),
    },
    labels: cellLabels(input, share),
    axis: {
      x: categoryAxis(input, {
        title: label(x),
        titleFill: palette.muted,
        line: false,
        labelAutoHide: false,
        labelFontSize: 12,
      }),
      y: categoryAxis(input, {
        title: label(y),
        titleFill: palette.muted,
        line: false,
        labelAutoHide: false,
        labelFontSize: 12,
      }),
    },
    legend: color ? legend(input) : false,
    tooltip: {
      title: (datum: Datum) => `${label(x)} ${datum[x]} · ${label(y)} ${datum[y]}`,
      items: [
        tooltipLine(input, value, color),
        ...others.map((name) => (datum: Datum) => ({ name: label(name), value: exact(name, datum) })),
      ],
    },
  };
}

/** Above these the cells of a small chart have no room for numbers: some would be there and some not. */
const NUMBERED_CELLS = 40;

/** The number in each cell and, where a colour names its group, the group below. The tooltip has both wherever they are not. */
function cellLabels(input: ChartInput, share: (datum: Datum) => number): Spec[] {
  const { definition, data, palette, short, small } = input;
  const { value = '', color } = definition.chart;
  if (small && data.length > NUMBERED_CELLS) return [];
  const known = (datum: Datum) => datum[value] !== null;
  const named = color !== undefined && !small;
  const shared = { position: 'inside', transform: [{ type: 'overflowHide' }] };
  return [
    {
      ...shared,
      // What is not known yet, or of too few to say, is not nothing.
      text: (datum: Datum) => (known(datum) ? short(value)(Number(datum[value])) : '–'),
      fontSize: small ? 11 : 14,
      fontWeight: 600,
      fill: color
        ? palette.ink
        : (datum: Datum) =>
            known(datum) ? (share(datum) > palette.white_from ? '#ffffff' : palette.ink) : palette.muted,
      fillOpacity: 1,
      ...(named ? { dy: -8 } : {}),
    },
    ...(named
      ? [
          {
            ...shared,
            text: (datum: Datum) => String(datum[color]),
            fontSize: 11,
            dy: 10,
            fill: palette.ink,
            fillOpacity: 0.85,
          },
        ]
      : []),
  ];
}

/** A place by colour alone: every step of both axes has its cell, the lowest at the upper left, as on a page. */
export function heatmapSpec(input: ChartInput): Spec {
  const { definition, data, palette, label, exact } = input;
  const { x = '', y = '', value = '' } = definition.chart;
  const others = measuresBeside(definition, value);
  const most = Math.max(...data.map((datum) => Number(datum[value]) || 0), 1);
  const ascending = (column: string) => distinct(data, column).sort((a, b) => Number(a) - Number(b));
  const axis = (column: string) =>
    categoryAxis(input, {
      ...everyNth(distinct(data, column).length),
      title: label(column),
      titleFill: palette.muted,
      line: false,
    });
  return {
    type: 'cell',
    data,
    encode: { x, y, color: value },
    scale: {
      x: { domain: ascending(x), padding: 0 },
      y: { domain: ascending(y), padding: 0 },
      color: { type: 'linear', domain: warmth(palette.heat.length, most), range: palette.heat, unknown: palette.line },
    },
    style: { inset: 0.5 },
    axis: { x: axis(x), y: axis(y) },
    legend: false,
    tooltip: {
      title: (datum: Datum) => `${label(x)} ${datum[x]} · ${label(y)} ${datum[y]}`,
      items: [
        tooltipLine(input, value),
        ...others.map((name) => (datum: Datum) => ({ name: label(name), value: exact(name, datum) })),
      ],
    },
  };
}

/** From which number on each colour is: by the root, so that places of few are told apart too. */
function warmth(colours: number, most: number): number[] {
  return Array.from({ length: colours }, (_, at) => most * (at / (colours - 1)) ** 2);
}

function measuresBeside({ columns }: ChartInput['definition'], value: string): string[] {
  return Object.keys(columns).filter((name) => columns[name]!.role === 'measure' && name !== value);
}

/** Scores are ordered as numbers, the highest on top; names as the rows give them, a matrix alike on both sides. */
function inOrder({ data, definition }: ChartInput, column: string): string[] {
  const { x, y } = definition.chart;
  const values = distinct(data, column);
  if (!values.every((value) => /^-?\d+(\.\d+)?$/.test(value))) {
    const all = [...new Set([...distinct(data, y), ...distinct(data, x)])];
    return distinct(data, column === x ? y : x).some((value) => values.includes(value)) ? all : values;
  }
  const sorted = values.sort((a, b) => Number(a) - Number(b));
  return column === y ? sorted.reverse() : sorted;
}

export function scatterSpec(input: ChartInput): Spec {
  const { definition, data, colors } = input;
  const { x = '', y = '', color } = definition.chart;
  const measured = definition.columns[x]!.role === 'measure' || definition.columns[x]!.role === 'weight';
  return {
    type: 'point',
    data,
    encode: { x, y, ...(color ? { color } : {}), shape: 'point', size: 4 },
    scale: { ...(color ? colorScale(input, color) : {}), x: { nice: true }, y: { nice: true } },
    style: { fillOpacity: 0.7, ...(color ? {} : { fill: colors([''])[0] }) },
    axis: { x: measured ? valueAxis(input, x) : categoryAxis(input), y: valueAxis(input, y) },
    legend: color ? legend(input) : false,
    tooltip: {
      title: color ? tooltipTitle(input, color) : '',
      items: [...(measured ? [tooltipLine(input, x)] : []), tooltipLine(input, y)],
    },
  };
}

export function funnelSpec(input: ChartInput): Spec {
  const { definition, data, colors, short, palette } = input;
  const { x = '', y = '' } = definition.chart;
  const steps = distinct(data, x);
  const first = Number(data[0]?.[y]) || 0;
  return {
    type: 'interval',
    data,
    encode: { x, y, color: x, shape: 'funnel' },
    transform: [{ type: 'symmetryY' }],
    scale: { x: { padding: 0 }, color: { domain: steps, range: colors(steps) } },
    coordinate: { transform: [{ type: 'transpose' }] },
    axis: false,
    legend: false,
    labels: [
      {
        text: (datum: Datum) => {
          const share = first > 0 ? ` · ${Math.round((Number(datum[y]) / first) * 1000) / 10}%` : '';
          return `${datum[x]}  ${short(y)(Number(datum[y]))}${share}`;
        },
        position: 'inside',
        fill: palette.ink,
        fontSize: 13,
        transform: [{ type: 'contrastReverse' }],
      },
    ],
    tooltip: { title: tooltipTitle(input, x), items: [tooltipLine(input, y)] },
  };
}
