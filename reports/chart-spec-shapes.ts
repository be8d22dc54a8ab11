/** Charts that are not over time: cells of a matrix, flows, points, a funnel. */

import { type Datum, distinct } from './chart-data.ts';
import type { ChartInput, Spec } from './chart-spec.ts';
import { categoryAxis, colorScale, legend, tooltipLine, tooltipTitle, valueAxis } from './chart-spec-parts.ts';

export function cellSpec(input: ChartInput): Spec {
  const { definition, data, palette, label, short, exact } = input;
  const { x = '', y = '', value = '', color } = definition.chart;
  const most = Math.max(...data.map((datum) => Number(datum[value]) || 0)) || 1;
  const rows = inOrder(input, y);
  const others = Object.keys(definition.columns).filter(
    (name) => definition.columns[name]!.role === 'measure' && name !== value,
  );
  const share = (datum: Datum) => (Number(datum[value]) || 0) / most;
  const known = (datum: Datum) => datum[value] !== null;
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
    labels: [
      {
        // What is not known yet, or of too few to say, is not nothing.
        text: (datum: Datum) => (known(datum) ? short(value)(Number(datum[value])) : '–'),
        position: 'inside',
        fontSize: input.small ? 11 : 14,
        fontWeight: 600,
        // Where a cell is too narrow its colour is left, and the tooltip.
        transform: [{ type: 'overflowHide' }],
        fill: color
          ? palette.ink
          : (datum: Datum) =>
              known(datum) ? (share(datum) > palette.white_from ? '#ffffff' : palette.ink) : palette.muted,
        fillOpacity: 1,
        ...(color ? { dy: -8 } : {}),
      },
      ...(color
        ? [
            {
              text: (datum: Datum) => String(datum[color]),
              position: 'inside',
              fontSize: 11,
              dy: 10,
              fill: palette.ink,
              fillOpacity: 0.85,
              transform: [{ type: 'overflowHide' }],
            },
          ]
        : []),
    ],
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

interface Flow {
  source: { key: string };
  target: { key: string };
}

export function sankeySpec(input: ChartInput): Spec {
  const { definition, data, palette, colors, short, exact, label } = input;
  const { x = '', y = '', value = '' } = definition.chart;
  const names = [...new Set([...distinct(data, x), ...distinct(data, y)])];
  const color = new Map(names.map((name, index) => [name, colors(names)[index]]));
  const totals = new Map<string, number>();
  const add = (key: string, amount: number) => totals.set(key, (totals.get(key) ?? 0) + amount);
  // The same name on both sides is two nodes: a flow never turns back.
  const links = data
    .filter((datum) => Number(datum[value]) > 0)
    .map((datum) => {
      const [source, target, amount] = [`0:${datum[x]}`, `1:${datum[y]}`, Number(datum[value])];
      add(source, amount);
      add(target, amount);
      return { source, target, value: amount, datum };
    });
  const name = (key: unknown) => String(key).slice(2);
  const place = (key: string) => names.indexOf(name(key));
  return {
    type: 'sankey',
    data: { value: { links } },
    layout: {
      nodeAlign: 'justify',
      nodePadding: 0.03,
      nodeWidth: 0.012,
      nodeSort: (a: { key: string }, b: { key: string }) => place(a.key) - place(b.key),
      linkSort: (a: Flow, b: Flow) =>
        place(a.source.key) - place(b.source.key) || place(a.target.key) - place(b.target.key),
    },
    scale: { color: { domain: [...totals.keys()], range: [...totals.keys()].map((key) => color.get(name(key))) } },
    style: {
      labelText: (node: { key: string }) => `${name(node.key)}  ${short(value)(totals.get(node.key) ?? 0)}`,
      labelSpacing: 8,
      labelFontSize: 12,
      labelFill: palette.ink,
      labelFillOpacity: 1,
      nodeStrokeWidth: 0,
      nodeLineWidth: 0,
      nodeStroke: 'transparent',
      linkFillOpacity: 0.28,
      linkFill: (link: { source: { key: string } }) => color.get(name(link.source?.key)) ?? palette.other,
    },
    tooltip: {
      nodeTitle: (node: { key: string }) => name(node.key),
      nodeItems: [(node: { key: string }) => ({ name: label(value), value: short(value)(totals.get(node.key) ?? 0) })],
      linkTitle: (link: { source: { key: string }; target: { key: string } }) =>
        `${name(link.source.key)} → ${name(link.target.key)}`,
      linkItems: [
        (link: { datum?: Datum; value: number }) => ({
          name: label(value),
          value: link.datum ? exact(value, link.datum) : short(value)(link.value),
        }),
      ],
    },
  };
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
