import { describe, expect, test } from 'vitest';
import type { Json } from '../../api/contract.ts';
import type { ReportChart, ReportColumn, ReportDefinition, ReportResult } from '../../api/contract-reports.ts';
import { shortValue, showValue } from '../../reports/cell-value.ts';
import type { Datum } from '../../reports/chart-data.ts';
import { planChart } from '../../reports/chart-spec.ts';
import { chartSummary } from '../../reports/chart-summary.ts';
import { withCompared } from '../../reports/compared.ts';
import { drillAddress } from '../../reports/drill.ts';
import { palette, seriesColors } from '../../reports/palette.ts';

const COLUMNS: { [name: string]: ReportColumn } = {
  day: { role: 'time', label: ['日期', 'Date'] },
  channel: {
    role: 'series',
    label: ['渠道', 'Channel'],
    labels: { online: ['线上', 'Online'], store: ['门店', 'Store'] },
  },
  orders: { role: 'measure', label: ['订单数', 'Orders'], metric: 'orders', unit: 'count' },
  amount: { role: 'measure', label: ['金额', 'Amount'], metric: 'revenue', unit: 'money' },
  rate: { role: 'measure', label: ['比率', 'Rate'], metric: 'rate', unit: 'rate' },
};
const ROWS: Json[][] = [
  ['2026-03-01', 'online', 20, '1234.50', '0.253476'],
  ['2026-03-01', 'store', 5, '7.00', null],
  ['2026-03-02', 'online', 30, '99999.99', '0.5'],
];
const zh = { lang: 'zh', currency: 'CNY' } as const;
const en = { lang: 'en', currency: 'CNY' } as const;

function definition(chart: ReportChart): ReportDefinition {
  return {
    slug: 'sales/test',
    area: 'sales',
    title: ['测试', 'Test'],
    params: {},
    columns: COLUMNS,
    chart,
    limits: { rows: 2000, timeout: '10s' },
    access: { roles: ['analyst'] },
  };
}
function result(rows: Json[][] = ROWS): ReportResult {
  return { slug: 'sales/test', params: {}, columns: Object.keys(COLUMNS), rows, cut: false, ran_at: '', took_ms: 1 };
}
const plan = (chart: ReportChart, rows?: Json[][]) =>
  planChart(definition(chart), result(rows), { reader: zh, dark: false, still: true });
const LINE: ReportChart = { kind: 'line', x: 'day', y: 'orders', color: 'channel' };

test('a line names its columns, labels its series in the reader’s language and keeps the raw row for drilling', () => {
  const drawn = plan(LINE);
  expect(drawn).toMatchObject({
    kind: 'chart',
    spec: {
      type: 'view',
      animate: false,
      scale: { color: { domain: ['线上', '门店'] } },
      axis: { y: { title: '订单数' } },
    },
  });
  const { data } = (drawn as unknown as { spec: { data: { $row: unknown; orders: number }[] } }).spec;
  expect(data[0]).toMatchObject({ orders: 20, channel: '线上', $row: { channel: 'online', amount: '1234.50' } });
});

test.each<ReportChart>([
  LINE,
  { kind: 'line', x: 'day', y: 'rate', low: 'rate', high: 'rate' },
  { kind: 'column', x: 'channel', y: 'orders' },
  { kind: 'column', x: 'day', y: 'orders', color: 'channel' },
  { kind: 'stacked', x: 'day', y: 'orders', color: 'channel' },
  { kind: 'area', x: 'day', y: 'orders', color: 'channel' },
  { kind: 'combo', x: 'day', y: 'orders', line: 'amount' },
  { kind: 'cell', x: 'day', y: 'channel', value: 'orders' },
  { kind: 'cell', x: 'day', y: 'channel', value: 'orders', color: 'channel' },
  { kind: 'column', x: 'channel', y: 'rate', low: 'rate', high: 'rate' },
  { kind: 'heatmap', x: 'day', y: 'channel', value: 'orders' },
  { kind: 'sankey', x: 'day', y: 'channel', value: 'orders' },
  { kind: 'sankey', x: 'channel', y: 'channel', value: 'orders', step: 'day' },
  { kind: 'scatter', x: 'orders', y: 'amount', color: 'channel' },
  { kind: 'funnel', x: 'channel', y: 'orders' },
])('$kind is drawn', (chart) => {
  const drawn = plan(chart);
  expect(drawn.kind).toBe('chart');
  expect(JSON.stringify(drawn)).not.toMatch(/innerHTML|"render"/);
});

test('an area of a single day is drawn as a stacked column, which has a width', () => {
  const area: ReportChart = { kind: 'area', x: 'day', y: 'orders', color: 'channel' };
  expect(plan(area)).toMatchObject({ spec: { type: 'view' } });
  expect(
    plan(
      area,
      ROWS.filter((row) => row[0] === ROWS[0]?.[0]),
    ),
  ).toMatchObject({
    spec: { type: 'interval', transform: [{ type: 'stackY' }] },
  });
});

test('a day without rows breaks the line, and has its place', () => {
  const { spec } = plan({ kind: 'line', x: 'day', y: 'orders' }, [
    ['2026-03-01', 'online', 20, '1', null],
    ['2026-03-03', 'online', 30, '1', null],
  ]) as unknown as { spec: { scale: object; children: { type: string; data: { day: string; orders: unknown }[] }[] } };
  expect(spec.scale).toMatchObject({ x: { domain: ['2026-03-01', '2026-03-02', '2026-03-03'] } });
  const line = spec.children.find((each) => each.type === 'line')!;
  expect(line.data.map(({ day, orders }) => [day, orders])).toEqual([
    ['2026-03-01', 20],
    ['2026-03-02', null],
    ['2026-03-03', 30],
  ]);
});

test('the month that goes on is set apart: a dashed line, a lighter column, named so', () => {
  const months: Json[][] = ['2026-01-01', '2026-02-01', '2026-03-01'].map((month) => [month, 'online', 5, '1', null]);
  const of = (chart: ReportChart, today: string) =>
    planChart(definition(chart), result(months), { reader: { ...en, today }, dark: false, still: true }) as unknown as {
      spec: {
        style: { fillOpacity(datum: object): number };
        tooltip: { title(datum: object): string };
        children: { type: string; data: { day: string }[]; style: object }[];
      };
    };
  const line = of({ kind: 'line', x: 'day', y: 'orders' }, '2026-03-10').spec.children.filter(
    (each) => each.type === 'line',
  );
  expect(line.map(({ data }) => data.map(({ day }) => day))).toEqual([
    ['2026-01-01', '2026-02-01'],
    ['2026-02-01', '2026-03-01'],
  ]);
  expect(line[1]!.style).toMatchObject({ lineDash: [4, 4] });
  expect(
    of({ kind: 'line', x: 'day', y: 'orders' }, '2026-04-01').spec.children.filter((each) => each.type === 'line'),
  ).toHaveLength(1);

  const { style, tooltip } = of({ kind: 'column', x: 'day', y: 'orders' }, '2026-03-10').spec;
  expect(style.fillOpacity({ day: '2026-02-01' })).toBe(1);
  expect(style.fillOpacity({ day: '2026-03-01' })).toBeLessThan(0.5);
  expect(tooltip.title({ day: '2026-03-01' })).toBe('2026-03 (so far)');
  expect(tooltip.title({ day: '2026-02-01' })).toBe('2026-02');
});

test('the line over columns has its own axis at the right, of a month that goes on too', () => {
  const today = { ...zh, today: '2026-03-02' };
  const rows = [['2026-02-01', 'online', 3, '9.00', null] as Json[], ROWS[0]!];
  const chart: ReportChart = { kind: 'combo', x: 'day', y: 'orders', line: 'amount' };
  const drawn = planChart(definition(chart), result(rows), { reader: today, dark: false, still: true });
  const { children } = (drawn as unknown as { spec: { children: { type: string; axis: { y: unknown } }[] } }).spec;
  const lines = children.filter(({ type }) => type === 'line');
  expect(lines.length).toBe(2);
  for (const { axis } of lines) expect(axis.y).toMatchObject({ position: 'right', title: '金额' });
});

test('nothing is drawn for a table or without rows', () => {
  expect(plan({ kind: 'table' }).kind).toBe('none');
  expect(plan(LINE, []).kind).toBe('none');
});

test('more marks than a chart can show are refused with their number; a line takes more points', () => {
  const many = Array.from({ length: 2001 }, (_, row): Json[] => [`d${row}`, 'online', row, '1', null]);
  expect(plan({ kind: 'column', x: 'day', y: 'orders' }, many)).toEqual({ kind: 'refused', marks: 2001, most: 2000 });
  expect(plan(LINE, many).kind).toBe('chart');
});

test('a matrix has the same order on both sides; scores have the highest on top', () => {
  const matrix = planChart(
    definition({ kind: 'cell', x: 'channel', y: 'day', value: 'orders' }),
    result([
      ['新客', '活跃', 1, '1', null],
      ['活跃', '其他', 1, '1', null],
    ]),
    { reader: zh, dark: true, still: false },
  );
  expect(matrix).toMatchObject({
    spec: { scale: { x: { domain: ['新客', '活跃', '其他'] }, y: { domain: ['新客', '活跃', '其他'] } } },
  });
  const scores = plan({ kind: 'cell', x: 'channel', y: 'day', value: 'orders' }, [
    ['1', '5', 1, '1', null],
    ['2', '4', 1, '1', null],
  ]);
  expect(scores).toMatchObject({ spec: { scale: { x: { domain: ['4', '5'] }, y: { domain: ['2', '1'] } } } });
});

test('a cell without a value is grey and says so; it is not nothing', () => {
  const drawn = plan({ kind: 'cell', x: 'day', y: 'channel', value: 'rate' });
  if (drawn.kind !== 'chart') throw new Error(drawn.kind);
  const { data, labels, scale } = drawn.spec as {
    data: Datum[];
    labels: { text(datum: Datum): string; fill(datum: Datum): string }[];
    scale: { color: { unknown?: string } };
  };
  expect(data.map((datum) => labels[0]!.text(datum))).toEqual(['25.3%', '–', '50%']);
  expect(new Set(data.map((datum) => labels[0]!.fill(datum))).size).toBe(3);
  expect(scale.color.unknown).toMatch(/^#/);
});

test('a small chart leaves out numbers that have no room, and shortens the name of its axis', () => {
  const small = (chart: ReportChart, rows: Json[][], of = definition(chart)) =>
    planChart(of, result(rows), { reader: en, dark: false, still: true, small: true });
  const cell: ReportChart = { kind: 'cell', x: 'day', y: 'channel', value: 'orders', color: 'channel' };
  const cells = (count: number): Json[][] =>
    Array.from({ length: count }, (_, at) => [`2026-03-${10 + (at % 10)}`, `c${at}`, 20, '1', null]);
  // The number alone: there is no second line in a small cell.
  expect(small(cell, cells(40))).toMatchObject({ spec: { labels: [{ fontSize: 11 }] } });
  expect(small(cell, cells(41))).toMatchObject({ spec: { labels: [] } });
  expect(plan(cell, cells(41))).toMatchObject({ spec: { labels: [{ dy: -8 }, { dy: 10 }] } });

  const column: ReportChart = { kind: 'column', x: 'channel', y: 'amount' };
  const amounts = (amount: string) => cells(10).map(([day, name, orders]) => [day!, name!, orders!, amount, null]);
  expect(small(column, amounts('7'))).toMatchObject({ spec: { labels: [{ position: 'top' }] } });
  expect(small(column, amounts('-657500.00'))).toMatchObject({ spec: { labels: [] } });
  expect(plan(column, amounts('-657500.00'))).toMatchObject({ spec: { labels: [{ position: 'top' }] } });

  const long = definition(column);
  long.columns = { ...COLUMNS, amount: { ...COLUMNS.amount!, label: ['长', 'Net spend per customer of the cohort'] } };
  expect(small(column, amounts('7'), long)).toMatchObject({
    spec: { axis: { y: { title: 'Net spend per customer of…' } } },
  });
});

test('a flow never turns back: each name is a node on its own side', () => {
  const drawn = plan({ kind: 'sankey', x: 'channel', y: 'channel', value: 'orders' });
  expect(drawn).toMatchObject({
    spec: {
      data: { value: { links: [{ source: '0:线上', target: '1:线上' }, { source: '0:门店', target: '1:门店' }, {}] } },
    },
  });
});

test('"Other" is grey wherever it stands and the colours of the rest do not move', () => {
  const light = seriesColors(['其他', '新客', '活跃'], false);
  expect(light.slice(1)).toEqual(seriesColors(['新客', '活跃'], false));
  expect(
    new Set(
      seriesColors(
        Array.from({ length: 12 }, (_, n) => `s${n}`),
        true,
      ),
    ).size,
  ).toBe(12);
});

test('what is good or bad in itself has its colour, and nothing else has that', () => {
  const toned = definition(LINE);
  const channel = { ...COLUMNS.channel!, tones: { store: 'good' } as const };
  const drawn = planChart({ ...toned, columns: { ...COLUMNS, channel } }, result(), {
    ...{ reader: zh, dark: false, still: true },
  });
  const { tones, series } = palette(false);
  expect(tones.good).toBe(series[0]);
  expect(drawn).toMatchObject({
    spec: { scale: { color: { domain: ['线上', '门店'], range: [series[1], tones.good] } } },
  });
});

test('values are exact in tables and short on axes', () => {
  expect(showValue('1234.50', COLUMNS.amount!, zh)).toBe('¥1,234.50');
  expect(showValue('99999999999999999.99', COLUMNS.amount!, zh)).toBe('¥99,999,999,999,999,999.99');
  expect(showValue('0.253476', COLUMNS.rate!, zh)).toBe('25.35%');
  expect(showValue(null, COLUMNS.rate!, zh)).toBe('');
  expect(showValue('store', COLUMNS.channel!, en)).toBe('Store');
  expect(shortValue(12_345, 'count', zh)).toBe('1.2万');
  expect(shortValue(12_345, 'count', en)).toMatch(/^12\.3K$/i);
  expect(shortValue(0.2534, 'rate', zh)).toBe('25.3%');
});

test('the picture is told in words with its highest and lowest', () => {
  expect(chartSummary(definition(LINE), result(), zh)).toBe(
    '测试：订单数，2026-03-01 至 2026-03-02，2 个系列：线上、门店。最高 线上 / 2026-03-02 30，最低 门店 / 2026-03-01 5，共 3 个数据点。',
  );
  expect(chartSummary(definition(LINE), result([]), en)).toBe('Test: no data');
});

test('a click leads to the list with its condition or to a report with its parameters', () => {
  const row = { recency_score: 5, segment: null, month: '2026-03', name: "a&b'" };
  expect(
    decodeURIComponent(
      drillAddress({ to: 'resource:customers', pass: { recency_score: 'recency_score', segment: 'segment' } }, row),
    ),
  ).toBe('/customers?where={"recency_score":{"eq":5},"segment":{"null":true}}');
  expect(drillAddress({ to: 'sales/orders-by-day', pass: { period: 'month', q: 'name' } }, row)).toBe(
    '/reports/sales/orders-by-day?period=2026-03&q=a%26b%27',
  );
});

test('an axis of counts has ticks at whole numbers only, so that a few do not repeat their labels', () => {
  const filterOf = (chart: ReportChart) => {
    const { spec } = plan(chart) as unknown as {
      spec: { axis: { y: { tickFilter?(value: number): boolean; labelFormatter(value: number): string } } };
    };
    return spec.axis.y;
  };
  const counts = filterOf(LINE);
  const shown = [0, 0.5, 1, 1.5, 2].filter((value) => counts.tickFilter?.(value) ?? true);
  expect(shown.map(counts.labelFormatter)).toEqual(['0', '1', '2']);
  expect(filterOf({ ...LINE, y: 'rate' }).tickFilter).toBeUndefined();
});

test('target, last year, limits and events stand beside a line; what is outside the limits has its own colour', () => {
  const columns: { [name: string]: ReportColumn } = {
    ...COLUMNS,
    aim: { role: 'measure', label: ['目标', 'Target'], unit: 'count' },
    low: { role: 'measure', label: ['下限', 'Low'], unit: 'count' },
    high: { role: 'measure', label: ['上限', 'High'], unit: 'count' },
  };
  const chart: ReportChart = {
    ...{ kind: 'line', x: 'day', y: 'orders', target: 'aim', before: 'aim' },
    ...{ limit_low: 'low', limit_high: 'high' },
  };
  const drawn = planChart(
    { ...definition(chart), columns },
    {
      ...result(),
      columns: ['day', 'orders', 'aim', 'low', 'high'],
      rows: [
        ['2026-03-01', 20, 22, 15, 25],
        ['2026-03-02', 30, 22, 15, 25],
      ],
      events: [
        { kind: 'price', name: ['调价', 'New prices'], starts_on: '2026-03-02', ends_on: null },
        { kind: 'other', name: ['别的', 'Another'], starts_on: '2026-03-02', ends_on: null },
        { kind: 'other', name: ['以前', 'Before'], starts_on: '2026-02-02', ends_on: null },
      ],
    },
    { reader: zh, dark: false, still: true },
  ) as unknown as { spec: { data: unknown[]; children: { type: string; data?: unknown; [key: string]: unknown }[] } };
  const { children, data } = drawn.spec;
  expect(children.map(({ type }) => type)).toEqual(['line', 'line', 'line', 'line', 'line', 'point', 'lineX']);
  const dots = children[5]!.style as { fill(datum: unknown): string };
  expect(dots.fill(data[0])).not.toBe(dots.fill(data[1]));
  expect(children[6]!.data).toEqual(['2026-03-02']);
  expect((children[6]!.labels as { text: string }[])[0]!.text).toBe('调价 +1');
});

describe('flows of several steps', () => {
  const columns: { [name: string]: ReportColumn } = {
    step: { role: 'category', label: ['步骤', 'Step'] },
    from: { role: 'category', label: ['来自', 'From'] },
    to: { role: 'category', label: ['前往', 'To'] },
    visits: { role: 'measure', label: ['访问', 'Visits'], metric: 'visits', unit: 'count' },
  };
  const rows: Json[][] = [
    [1, 'Opened', 'Hero', 70],
    [1, 'Opened', 'Left', 30],
    [2, 'Hero', 'Coupon', 20],
    [2, 'Hero', 'Left', 40],
    // Where it comes from is among the others.
    [3, 'Points', 'Hero', 5],
    [2, 'Other', 'Other', 9],
  ];
  const flow: ReportDefinition = {
    ...definition({ kind: 'sankey', x: 'from', y: 'to', value: 'visits', step: 'step' }),
    columns,
  };
  const flows: ReportResult = { ...result(rows), columns: Object.keys(columns) };
  const { spec } = planChart(flow, flows, { reader: en, dark: false, still: true }) as unknown as {
    spec: {
      data: { value: { links: { source: string; target: string; value: number; $row: object }[] } };
      layout: { nodeDepth(node: { key: string }): number };
      style: { labelText(node: { key: string }): string };
      scale: { color: { domain: string[]; range: string[] } };
    };
  };

  test('have nodes of their own at each, so that nothing turns back', () => {
    expect(spec.data.value.links.map(({ source, target, value }) => [source, target, value])).toEqual([
      ['0:Opened', '1:Hero', 70],
      ['0:Opened', '1:Left', 30],
      ['1:Hero', '2:Coupon', 20],
      ['1:Hero', '2:Left', 40],
      ['2:Points', '3:Hero', 5],
      ['1:Other', '2:Other', 9],
    ]);
    expect(spec.data.value.links[2]!.$row).toEqual({ step: 2, from: 'Hero', to: 'Coupon', visits: 20 });
    for (const { source, target } of spec.data.value.links)
      expect(spec.layout.nodeDepth({ key: target }) - spec.layout.nodeDepth({ key: source })).toBe(1);
    // Not at the first step, though nothing leads to it.
    expect(spec.layout.nodeDepth({ key: '2:Points' })).toBe(2);
  });

  test('say at each node how many came or went on, whichever is more', () => {
    expect(spec.style.labelText({ key: '1:Hero' })).toBe('Hero  70');
    expect(spec.style.labelText({ key: '2:Left' })).toBe('Left  40');
    const { domain, range } = spec.scale.color;
    expect(range[domain.indexOf('1:Hero')]).toBe(range[domain.indexOf('3:Hero')]);
    expect(range[domain.indexOf('1:Other')]).toBe(palette(false).other);
  });

  test('are read aloud with their step', () => {
    expect(chartSummary(flow, flows, en)).toContain('Highest 1 / Opened / Hero 70, lowest 3 / Points / Hero 5');
  });
});

test('a heatmap has every step of both axes, as on a page: the lowest at the upper left; nothing known is no colour', () => {
  const columns: { [name: string]: ReportColumn } = {
    across: { role: 'category', label: ['横', 'Across'] },
    down: { role: 'category', label: ['纵', 'Down'] },
    clicks: { role: 'measure', label: ['点击', 'Clicks'], metric: 'clicks', unit: 'count' },
  };
  const of: ReportDefinition = {
    ...definition({ kind: 'heatmap', x: 'across', y: 'down', value: 'clicks' }),
    columns,
  };
  const rows: Json[][] = [
    [10, 5, 7],
    [0, 10, null],
    [5, 0, 3],
  ];
  const found: ReportResult = { ...result(rows), columns: Object.keys(columns) };
  const { spec } = planChart(of, found, { reader: en, dark: false, still: true }) as unknown as {
    spec: { scale: { x: object; y: object; color: { domain: number[]; range: string[] } }; data: Datum[] };
  };
  expect(spec.scale).toMatchObject({ x: { domain: ['0', '5', '10'] }, y: { domain: ['0', '5', '10'] } });
  expect(spec.scale.color).toMatchObject({ unknown: palette(false).line });
  // Every colour has its number, to the greatest.
  expect(spec.scale.color.domain).toHaveLength(spec.scale.color.range.length);
  expect([spec.scale.color.domain[0], spec.scale.color.domain.at(-1)]).toEqual([0, 7]);
  expect(spec.data[1]!.clicks).toBeNull();
  expect(chartSummary(of, found, en)).toContain('Highest 10 / 5 7, lowest 5 / 0 3');
});

test('columns whose value may be from low to high carry a whisker; one that is not known carries none', () => {
  const { spec } = plan({ kind: 'column', x: 'channel', y: 'orders', low: 'rate', high: 'amount' }) as unknown as {
    spec: { children: { type: string; data?: Datum[]; encode: object }[] };
  };
  expect(spec.children.map(({ type }) => type)).toEqual(['interval', 'link']);
  expect(spec.children[1]).toMatchObject({ encode: { x: 'channel', y: ['rate', 'amount'] } });
  expect(spec.children[1]!.data).toHaveLength(2);
});

test('what a run is compared with is drawn dashed beside its line, and is a column of its own', () => {
  const one: ReportChart = { kind: 'line', x: 'day', y: 'orders' };
  const compared = [
    { against: 'previous_period' as const, days: '2026-02-01..2026-02-28', values: [11, null, 12] },
    { against: 'same_period_last_year' as const, days: '2025-03-01..2025-03-31', values: [7, 8, 9] },
    { against: 'target' as const, days: null, values: [25, 25, 25] },
  ];
  const beside = withCompared(definition(one), { ...result(), compared });
  expect(beside.result.columns.slice(-3)).toEqual(['$previous_period', '$same_period_last_year', '$target']);
  expect(beside.definition.columns.$previous_period?.label[0]).toBe('订单数 · 上期 2026-02-01..2026-02-28');
  const drawn = planChart(beside.definition, beside.result, { reader: zh, dark: false, still: true });
  const { children } = (drawn as unknown as { spec: { children: { encode: { y?: string }; style: object }[] } }).spec;
  const dashed = children.filter(({ style }) => 'lineDash' in style).map(({ encode }) => encode.y);
  expect(dashed).toEqual(['$previous_period', '$same_period_last_year', '$target']);
  // Of another run, whose rows are others: nothing rather than something wrong.
  const other = withCompared(definition(one), { ...result([]), compared });
  expect(other.result.columns).toEqual(Object.keys(COLUMNS));
});
