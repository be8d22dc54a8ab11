/**
 * What goes wrong when people write reports, once through a file and once through the editor: one message in both
 * languages that names file, line and column and says how to mend it, the last good version and its neighbours live.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReportCheck, ReportProblem, ReportResult } from '../../api/contract-reports.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { type ReportStore, reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { reportText, reportWorld } from './report-fixture.ts';

const FROM = '\nfrom report.sales';
const GOOD = reportText();
const select = (text: string) => reportText({ select: text });
const head = (text: string) => reportText({ head: `${text}\n` });
const params = (text: string, where = '') =>
  reportText({ params: `\n  ${text}`, select: `select sold_on, channel, orders${FROM}${where}` });
const ENDLESS =
  'with recursive n as (select 1 as i union all select i + 1 from n where i < 1000000000)\nselect sold_on, channel, orders from report.sales where (select count(*) from n) = 0';

type Mistake = [what: string, text: string, code: string, line: number, column: number, mend: string];
const MISTAKES: Mistake[] = [
  ['an empty file', '', 'file_empty', 1, 1, '/*---'],
  ['a file of blanks', ' \n\n', 'file_empty', 1, 1, '/*---'],
  ['a megabyte of text', `${GOOD}-- ${'x'.repeat(1_000_000)}`, 'file_too_long', 1, 1, 'one query'],
  ['SQL without a head', `select 1${FROM}`, 'head_missing', 1, 1, '/*---'],
  ['a head that is not closed', GOOD.replace('---*/', ''), 'head_open', 1, 1, '---*/'],
  ['*/ inside the head', head('owner: "*/5"'), 'head_comment', 4, 9, '---*/'],
  ['a tab as indentation', reportText({ columns: '\n\tsold_on: { role: time }' }), 'yaml_tab', 5, 1, 'spaces'],
  ['a # in a text', head('describe: [订单, Orders # all]'), 'yaml_hash', 4, 23, 'Quote'],
  ['a text that starts with %', head('owner: %team'), 'yaml_percent', 4, 8, 'Quote'],
  ['a colon in a text', head('owner: team: one'), 'yaml_colon', 4, 12, 'Quote'],
  ['a wrong indentation', GOOD.replace('\n  channel:', '\n channel:'), 'yaml', 6, 1, 'aligned'],
  ['a key twice', head('title: [a, b]'), 'yaml', 4, 1, 'Remove'],
  ['a full-width colon', GOOD.replace('title: ', 'title：'), 'yaml_wide', 3, 6, 'plain colon'],
  ['a typo in a key', GOOD.replace('title:', 'titel:'), 'unknown_key', 3, 1, 'title'],
  ['a typo in a metric', GOOD.replace('metric: orders', 'metric: oders'), 'unknown_metric', 7, 36, 'orders'],
  ['a measure without metric', GOOD.replace(', metric: orders', ''), 'metric_missing', 7, 3, 'reports/metrics'],
  [
    'a ratio without its denominator',
    GOOD.replace('metric: orders', 'metric: repurchase_rate'),
    'ratio_without_weight',
    7,
    3,
    'buyers',
  ],
  ['an unknown role of a column', GOOD.replace('role: series', 'role: serie'), 'unknown_value', 6, 20, 'series'],
  [
    'a text as a measure',
    GOOD.replace('channel: { role: series }', 'channel: { role: measure, metric: orders }').replace(
      ', color: channel',
      '',
    ),
    'column_type',
    6,
    3,
    '::numeric',
  ],
  [
    'a text as the time of a line',
    select(`select sold_on::text as sold_on, channel, orders${FROM}`),
    'column_type',
    5,
    3,
    '::date',
  ],
  ['an unknown kind of chart', GOOD.replace('kind: line', 'kind: lines'), 'unknown_value', 8, 16, 'line'],
  ['a chart over no column', GOOD.replace('y: orders', 'y: order'), 'unknown_column', 8, 37, 'orders'],
  ['an unknown role of access', GOOD.replace('[analyst]', '[analist]'), 'unknown_value', 9, 19, 'analyst'],
  ['a drill to no report', head('drill: { to: sales/god, pass: [channel] }'), 'drill_unknown', 4, 8, 'sales/good'],
  ['an enum without values', params('grain: { type: enum }'), 'missing_key', 5, 10, 'values'],
  [
    'a default of another type',
    params('least: { type: integer, default: many }'),
    'bad_default',
    5,
    36,
    'whole number',
  ],
  [
    'a default that is longer than the longest',
    params('period: { type: daterange, default: last_28d, max: 7d }'),
    'bad_default',
    5,
    39,
    'last_28d',
  ],
  [
    'a parameter that is not declared',
    params('channel: { type: text }', '\nwhere channel = :chanel'),
    'param_unknown',
    15,
    17,
    'channel',
  ],
  ['a parameter that is not used', params('channel: { type: text }'), 'param_unused', 5, 3, ':channel'],
  ['no SQL', select(''), 'sql_missing', 12, 1, 'select'],
  ['a missing from', select('select sold_on, channel, orders'), 'column_unknown', 11, 8, '"from"'],
  ['a typo in a column', select(`select sold_on, channel, oders${FROM}`), 'column_unknown', 11, 26, 'orders'],
  ['a typo in a view', select('select sold_on, channel, orders\nfrom report.sals'), 'relation_unknown', 12, 6, 'sales'],
  [
    'a table outside report',
    select('select sold_on, channel, orders\nfrom app.orders'),
    'relation_not_allowed',
    12,
    6,
    'sql/views/report',
  ],
  ['two statements', select(`select 1${FROM};\nselect 2`), 'two_statements', 13, 1, 'Remove'],
  [
    'set_config',
    select(`select sold_on, channel, orders${FROM}\nwhere set_config('statement_timeout', '0', false) = '0'`),
    'function_not_allowed',
    13,
    7,
    'Available',
  ],
  ['the clock', select(`select sold_on, channel, orders${FROM}\nwhere sold_on < now()`), 'clock', 13, 17, ':today'],
  [
    'a missing quote',
    select(`select sold_on, channel, orders${FROM}\nwhere channel = 'online`),
    'sql_syntax',
    13,
    17,
    'Close the quote',
  ],
  ['a comment that is not closed', select(`select sold_on, channel, orders${FROM} /* all`), 'sql_syntax', 12, 19, '*/'],
  [
    'quotes of a word processor',
    select(`select sold_on, channel, orders${FROM}\nwhere channel = ‘online’`),
    'sql_wide',
    13,
    17,
    "'",
  ],
  [
    'a reserved word as a name',
    select(`select sold_on, channel, orders as order, group${FROM}`),
    'sql_syntax',
    11,
    43,
    'reserved',
  ],
  [
    'a column of two views',
    select(`select sold_on, channel, orders\nfrom report.sales inner join report.sales as other using (sold_on)`),
    'column_ambiguous',
    11,
    17,
    'view.column',
  ],
  [
    'an aggregate without group by',
    select(`select sold_on, channel, sum(orders) as orders${FROM}`),
    'group_by',
    11,
    8,
    'group by',
  ],
  ['the same name twice', select(`select sold_on, channel, orders, orders${FROM}`), 'column_twice', 11, 1, '"as"'],
  [
    'select * with a column that came later',
    select(`select *${FROM}`),
    'column_undeclared',
    11,
    1,
    'write the columns out',
  ],
  [
    'a ratio that is summed',
    reportText({
      columns:
        '\n  sold_on: { role: time, label: [日期, Day] }\n  rate: { role: measure, metric: repurchase_rate }\n  buyers: { role: weight, metric: buyers }',
      chart: '{ kind: line, x: sold_on, y: rate }',
      select: `select sold_on, sum(orders) as rate, 1 as buyers${FROM} group by 1`,
    }),
    'ratio_summed',
    11,
    17,
    'nullif(sum(denominator), 0)',
  ],
  [
    'a join without its condition',
    select('select a.sold_on, a.channel, a.orders\nfrom report.sales a, generate_series(1, 1000000000) g order by g'),
    'too_expensive',
    11,
    1,
    'join',
  ],
  [
    'a division by zero',
    select(`select sold_on, channel,\n  10 / (orders - 3) as orders${FROM}`),
    'division_by_zero',
    12,
    6,
    'nullif',
  ],
  ['an endless query', reportText({ head: 'limits: { timeout: 1s }\n', select: ENDLESS }), 'timeout', 12, 1, 'period'],
  [
    'a million rows',
    select(`select sold_on, channel, n as orders${FROM}, generate_series(1, 250000) as n`),
    'too_many_rows',
    11,
    1,
    'Aggregate',
  ],
  ['a test that fails', head('tests:\n  - unique: [channel]'), 'test_failed', 5, 5, 'group'],
  ['values outside their range', head('tests:\n  - between: { orders: [0, 3] }'), 'test_failed', 5, 5, 'range'],
];

let t: TestDatabase;
let app: TestApp;
let store: ReportStore;
let folder: string;
const save = (slug: string, text: string) => writeFileSync(join(folder, 'pages', `${slug}.sql`), text);

beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  await reportWorld(t);
  folder = mkdtempSync(join(tmpdir(), 'evergreen-mistakes-'));
  cpSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'), { recursive: true });
  mkdirSync(join(folder, 'pages', 'sales'), { recursive: true });
  save('sales/good', GOOD);
  save('sales/mine', GOOD);
  store = reportStore(app.deps, folder);
  await store.list();
});
afterAll(async () => {
  store?.close();
  rmSync(folder, { recursive: true });
  await t?.close();
});

const run = async (slug: string) => {
  const answer = await app.as('analyst')('GET', `/api/_reports/run/${slug}`);
  expect(answer.status).toBe(200);
  return ((await answer.json()) as ReportResult).rows.length;
};
const check = async (text: string, lang: 'zh' | 'en') => {
  const answer = await app.as('analyst')('POST', `/api/_report-editor/check?_lang=${lang}`, {
    ...{ slug: 'sales/mine', text, run: true },
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as ReportCheck;
};

test('there are thirty of them, and more', () => {
  expect(MISTAKES.length).toBeGreaterThanOrEqual(30);
  expect(new Set(MISTAKES.map(([what]) => what)).size).toBe(MISTAKES.length);
});

describe('is told at its place with the way out, and nothing else breaks:', () => {
  test.each(MISTAKES)('%s', async (_, text, code, line, column, mend) => {
    const before = (await store.get('sales/good'))!.live;
    save('sales/mine', text);
    await store.refresh();

    const { problem, live } = (await store.get('sales/mine'))!;
    expect(problem).toMatchObject({ code, file: 'reports/pages/sales/mine.sql', line, column });
    expect(problem!.message[0]).toMatch(/\p{Script=Han}/u);
    expect(problem!.message[1]).not.toMatch(/\p{Script=Han}/u);
    expect(problem!.hint?.[0]).toMatch(/\p{Script=Han}/u);
    expect(problem!.hint?.[1]).toContain(mend);

    // The last good version of it is read, and its neighbour is what it was.
    expect(live?.source.text).toBe(GOOD);
    expect((await store.get('sales/good'))!.live).toBe(before);
    expect(await run('sales/mine')).toBe(4);

    const told: ReportProblem[] = [];
    for (const lang of ['zh', 'en'] as const) told.push((await check(text, lang)).problem!);
    expect(told).toEqual(
      [0, 1].map((pick) => ({
        ...problem,
        file: 'sales/mine.sql',
        message: problem!.message[pick],
        hint: problem!.hint![pick],
      })),
    );
  });
});

describe('is no mistake:', () => {
  test.each([
    ['a byte order mark and the line ends of Windows', `\uFEFF${GOOD.replaceAll('\n', '\r\n')}`],
    ['a table of more rows than it may show', reportText({ head: 'limits: { rows: 3 }\n', chart: '{ kind: table }' })],
    [
      'tests that hold',
      head('tests:\n  - unique: [sold_on, channel]\n  - between: { orders: [1, 4] }\n  - not_null: [orders]'),
    ],
    [
      'Chinese signs in a text of the SQL',
      select(`select sold_on, channel || '，（‘线上’）' as channel, orders${FROM}`),
    ],
  ])('%s', async (_, text) => {
    save('sales/mine', text);
    await store.refresh();
    expect((await store.get('sales/mine'))!).toMatchObject({ problem: null, live: { source: { text } } });
    expect(await check(text, 'zh')).toMatchObject({ problem: null, definition: { title: ['销售', 'Sales'] } });
    save('sales/mine', GOOD);
    await store.refresh();
  });
});
