import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CompileContext } from '../../api/report/compile.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { compile, problemOf, reportText, reportWorld } from './report-fixture.ts';

let t: TestDatabase;
let context: CompileContext;
beforeAll(async () => {
  t = await testDatabase();
  context = await reportWorld(t);
});
afterAll(() => t.close());

test('a report compiles into a definition with labels from the registry and columns as the select gives them', async () => {
  const report = await compile(reportText(), context);
  expect(report.definition.columns).toEqual({
    sold_on: { role: 'time', label: ['日期', 'Day'] },
    channel: { role: 'series', label: ['渠道', 'Channel'] },
    orders: { role: 'measure', label: ['指标', 'Metric'], metric: 'orders', good: 'up', unit: 'count' },
  });
  expect(report.definition.limits).toEqual({ rows: 2000, timeout: '10s' });
  expect(report.sql.views).toEqual(['sales']);
});

test('a select may call the functions of sql/functions', async () => {
  const called = 'select sold_on, channel, report.wilson_low(orders, orders) as orders\nfrom report.sales';
  await expect(compile(reportText({ select: called }), context)).resolves.toMatchObject({ sql: { views: ['sales'] } });
});

test('parameters are bound in place, typed, once per name; casts, strings and comments are left alone', async () => {
  const report = await compile(
    reportText({
      params: '\n  period: { type: daterange, default: last_28d }\n  channel: { type: text, many: true }',
      select: `select sold_on, channel, orders -- :nothing
from report.sales /* :here */
where sold_on >= :period_from::date and sold_on < :period_to
  and (:channel is null or channel = any(:channel)) and ':text' <> $$ :dollar $$`,
    }),
    context,
  );
  expect(report.sql.binds).toEqual(['period_from', 'period_to', 'channel']);
  expect(report.sql.statement).toContain("($3::text[]) is null or channel = any(($3::text[]))) and ':text'");
});

type Mistake = [name: string, text: string, expected: { code: string; line: number; column?: number; hint?: string }];
const chart = '{ kind: line, x: sold_on, y: orders, color: channel }';
const select = (text: string) => reportText({ select: text });

const MISTAKES: Mistake[] = [
  ['an empty file', '\n', { code: 'file_empty', line: 1 }],
  ['no head', 'select 1', { code: 'head_missing', line: 1, column: 1, hint: '---*/' }],
  ['a head that is not closed', '/*---\nreport: 1\n', { code: 'head_open', line: 1 }],
  ['a comment closed inside the head', '/*---\nreport: 1 */\n---*/ select 1', { code: 'head_comment', line: 2 }],
  [
    'a cron expression in the head',
    reportText({ head: 'owner: "*/15 * * * *"\n' }),
    { code: 'head_comment', line: 4, hint: 'every: 15m' },
  ],
  [
    'an unquoted # in a list',
    reportText({ head: 'describe: [订单, Number of # orders]\n' }),
    { code: 'yaml_hash', line: 4, column: 26, hint: 'Quote' },
  ],
  [
    'an unquoted # that silently cuts a text',
    reportText({ head: 'owner: team # one\n' }),
    { code: 'yaml_hash', line: 4, column: 13 },
  ],
  [
    'text that starts with %',
    reportText({ head: 'owner: %team\n' }),
    { code: 'yaml_percent', line: 4, column: 8, hint: 'Quote' },
  ],
  ['text that starts with @', reportText({ head: 'owner: @team\n' }), { code: 'yaml_sign', line: 4, column: 8 }],
  [
    'a tab as indentation',
    reportText({ columns: '\n\tsold_on: { role: time }' }),
    { code: 'yaml_tab', line: 5, hint: 'spaces' },
  ],
  [
    'a colon inside unquoted text',
    reportText({ head: 'owner: team: one\n' }),
    { code: 'yaml_colon', line: 4, hint: 'Quote' },
  ],
  ['a full-width colon', reportText().replace('title: ', 'title：'), { code: 'yaml_wide', line: 3 }],
  ['a full-width comma', reportText().replace('销售, Sales', '销售，Sales'), { code: 'yaml_wide', line: 3 }],
  ['full-width brackets', reportText().replace('[销售, Sales]', '［销售, Sales'), { code: 'not_a_pair', line: 3 }],
  ['a bracket that is not closed', reportText().replace('[销售, Sales]', '[销售, Sales'), { code: 'yaml', line: 4 }],
  ['a key twice', reportText({ head: 'title: [a, b]\n' }), { code: 'yaml', line: 4, hint: 'Remove' }],
  ['an anchor', reportText({ head: 'owner: &team analytics\n' }), { code: 'yaml_anchor', line: 4 }],
  [
    'a misspelt key',
    reportText().replace('title:', 'titel:'),
    { code: 'unknown_key', line: 3, column: 1, hint: 'title' },
  ],
  [
    'a comparison that nothing would draw',
    reportText({ head: 'compare: [previous_period]\n' }).replace('kind: line', 'kind: table'),
    { code: 'compare_not_drawn', line: 4 },
  ],
  [
    'a comparison with other days of a report without days',
    reportText({ head: 'compare: [target, previous_period]\n', chart: '{ kind: line, x: sold_on, y: orders }' }),
    { code: 'compare_without_period', line: 4, column: 19, hint: 'daterange' },
  ],
  [
    'a comparison that there is not',
    reportText({ head: 'compare: [previous_month]\n', chart: '{ kind: line, x: sold_on, y: orders }' }),
    { code: 'unknown_value', line: 4, hint: 'previous_period' },
  ],
  [
    'events on a chart without time',
    reportText({ head: 'events: { tags: [launch] }\n', chart: '{ kind: table }' }),
    { code: 'events_without_time', line: 4 },
  ],
  [
    'a kind of event that there is not',
    reportText({ head: 'events: { tags: [lunch] }\n' }),
    { code: 'unknown_value', line: 4, column: 18, hint: 'launch' },
  ],
  [
    'a cached report that never ages',
    reportText({ head: 'run: { mode: cached }\n' }),
    { code: 'missing_key', line: 4 },
  ],
  [
    'an age of two days',
    reportText({ head: 'run: { mode: cached, ttl: 48h }\n' }),
    { code: 'limit_out_of_range', line: 4, hint: '1h' },
  ],
  [
    'an age of what is run at night',
    reportText({ head: 'run: { mode: nightly, ttl: 1h }\n' }),
    { code: 'key_not_for_type', line: 4 },
  ],
  [
    'a title in one language',
    reportText().replace('[销售, Sales]', '销售'),
    { code: 'not_a_pair', line: 3, column: 8, hint: '[中文, English]' },
  ],
  [
    'a comma inside unquoted text',
    reportText({ head: 'describe: [订单, Orders, by day]\n' }),
    { code: 'not_a_pair', line: 4, column: 11, hint: 'quoted' },
  ],
  ['no access', reportText({ access: 'owner: me' }), { code: 'missing_key', line: 2, hint: 'roles' }],
  [
    'a misspelt role',
    reportText({ access: 'access: { roles: [analist] }' }),
    { code: 'unknown_value', line: 9, hint: 'analyst' },
  ],
  [
    'a misspelt chart kind',
    reportText({ chart: chart.replace('line', 'lines') }),
    { code: 'unknown_value', line: 8, column: 16, hint: 'line' },
  ],
  [
    'a chart over a column that is not declared',
    reportText({ chart: chart.replace('y: orders', 'y: order') }),
    { code: 'unknown_column', line: 8, hint: 'orders' },
  ],
  [
    'a chart that measures a text',
    reportText({ chart: chart.replace('y: orders', 'y: channel') }),
    { code: 'not_a_measure', line: 8 },
  ],
  [
    'a target beside many lines',
    reportText({ chart: '{ kind: line, x: sold_on, y: orders, color: channel, target: orders }' }),
    { code: 'chart_incomplete', line: 8 },
  ],
  [
    'one limit without the other',
    reportText({ chart: '{ kind: line, x: sold_on, y: orders, limit_low: orders }' }),
    { code: 'chart_incomplete', line: 8 },
  ],
  [
    'a step of what does not flow',
    reportText({ chart: '{ kind: cell, x: sold_on, y: channel, value: orders, step: channel }' }),
    { code: 'chart_incomplete', line: 8 },
  ],
  [
    'a heatmap without a value',
    reportText({ chart: '{ kind: heatmap, x: sold_on, y: channel }' }),
    { code: 'chart_incomplete', line: 8 },
  ],
  [
    'a chart that lacks a place',
    reportText({ chart: '{ kind: cell, x: sold_on, y: channel }' }),
    { code: 'chart_incomplete', line: 8 },
  ],
  [
    'an unknown metric',
    reportText().replace('metric: orders', 'metric: oders'),
    { code: 'unknown_metric', line: 7, hint: 'orders' },
  ],
  ['a measure without metric', reportText().replace(', metric: orders', ''), { code: 'metric_missing', line: 7 }],
  [
    'a ratio without its denominator',
    reportText().replace('metric: orders', 'metric: rate'),
    { code: 'ratio_without_weight', line: 7, hint: 'buyers' },
  ],
  [
    'a colour for a value that has no label',
    reportText().replace('role: series', 'role: series, labels: { online: [线上, Online] }, tones: { onlin: good }'),
    { code: 'unknown_value', line: 6, hint: 'online' },
  ],
  [
    'a colour that is none',
    reportText().replace('role: series', 'role: series, labels: { online: [线上, Online] }, tones: { online: red }'),
    { code: 'unknown_value', line: 6, hint: 'good' },
  ],
  ['a column without label', reportText().replace(', label: [日期, Day]', ''), { code: 'label_missing', line: 5 }],
  [
    'an enum without values',
    reportText({ params: '\n  grain: { type: enum }' }),
    { code: 'missing_key', line: 5, hint: 'values' },
  ],
  [
    'a default that does not fit',
    reportText({ params: '\n  period: { type: daterange, default: last_28 }' }),
    { code: 'bad_default', line: 5 },
  ],
  [
    'a limit out of range',
    reportText({ head: 'limits: { rows: 9999999 }\n' }),
    { code: 'limit_out_of_range', line: 4 },
  ],
  [
    'a drill to a report that does not exist',
    reportText({ head: 'drill: { to: sales/by-dya, pass: [channel] }\n' }),
    { code: 'drill_unknown', line: 4, hint: 'sales/by-day' },
  ],
  [
    'a drill to a field that does not exist',
    reportText({ head: 'drill: { to: "resource:customers", pass: { chanel: channel } }\n' }),
    { code: 'drill_unknown', line: 4, hint: 'channel' },
  ],
  ['no SQL', select(''), { code: 'sql_missing', line: 12 }],
  [
    'a syntax error',
    select('select sold_on, channel, orders\nform report.sales'),
    { code: 'sql_syntax', line: 12, column: 6 },
  ],
  [
    'a full-width comma in SQL',
    select('select sold_on， channel, orders\nfrom report.sales'),
    { code: 'sql_wide', line: 11, column: 15 },
  ],
  [
    'a string that is not closed',
    select("select sold_on, channel, orders\nfrom report.sales where channel = 'online"),
    { code: 'sql_syntax', line: 12, column: 35 },
  ],
  ['two statements', select('select 1;\nselect 2'), { code: 'two_statements', line: 12, column: 1 }],
  ['a statement that writes', select('delete from report.sales'), { code: 'not_a_select', line: 11 }],
  [
    'a parameter that is not declared',
    select('select sold_on, channel, orders from report.sales\nwhere channel = :chanel'),
    { code: 'param_unknown', line: 12, column: 17 },
  ],
  [
    'a misspelt parameter',
    reportText({
      params: '\n  channel: { type: text }',
      select: 'select sold_on, channel, orders from report.sales\nwhere channel = :chanel',
    }),
    { code: 'param_unknown', line: 14, hint: 'channel' },
  ],
  [
    'a range used whole',
    reportText({
      params: '\n  period: { type: daterange }',
      select: 'select sold_on, channel, orders from report.sales\nwhere sold_on > :period',
    }),
    { code: 'param_unknown', line: 14, hint: ':period_from' },
  ],
  [
    'a parameter that is not used',
    reportText({ params: '\n  channel: { type: text }' }),
    { code: 'param_unused', line: 5, column: 3, hint: ':channel' },
  ],
  [
    'half of a range',
    reportText({
      params: '\n  period: { type: daterange }',
      select: 'select sold_on, channel, orders from report.sales\nwhere sold_on > :period_from',
    }),
    { code: 'param_unused', line: 5, hint: ':period_to' },
  ],
  [
    'a numbered parameter',
    select('select sold_on, channel, orders from report.sales where channel = $1'),
    { code: 'param_number', line: 11, hint: ':name' },
  ],
  [
    'a table of another schema',
    select('select sold_on, channel, orders\nfrom app.orders'),
    { code: 'relation_not_allowed', line: 12, column: 6, hint: 'sql/views/report' },
  ],
  [
    'a view without its schema',
    select('select sold_on, channel, orders\nfrom sales'),
    { code: 'relation_not_allowed', line: 12, hint: 'report.sales' },
  ],
  [
    'a misspelt view',
    select('select sold_on, channel, orders\nfrom report.sale'),
    { code: 'relation_unknown', line: 12, column: 6, hint: 'sales' },
  ],
  [
    'a misspelt column',
    select('select sold_on, channel, oders\nfrom report.sales'),
    { code: 'column_unknown', line: 11, column: 26 },
  ],
  [
    'a misspelt column behind text of several bytes',
    select("select sold_on, '中文😀' || channel as channel, sales.order\nfrom report.sales"),
    { code: 'column_unknown', line: 11, column: 46 },
  ],
  [
    'a misspelt column behind a parameter',
    reportText({
      params: '\n  channel: { type: text }',
      select: 'select sold_on, channel, orders from report.sales\nwhere :channel = channel and :channel = chanel',
    }),
    { code: 'column_unknown', line: 14, column: 41, hint: 'channel' },
  ],
  [
    'a misspelt function',
    select('select sold_on, channel, summ(orders) as orders\nfrom report.sales'),
    { code: 'function_not_allowed', line: 11, column: 26, hint: 'sum' },
  ],
  [
    'a misspelt function of our own',
    select('select sold_on, channel, report.wilsn_low(orders, orders) as orders\nfrom report.sales'),
    { code: 'function_not_allowed', line: 11, column: 26, hint: 'wilson_low' },
  ],
  [
    'a function of PostgreSQL as one of our own',
    select("select sold_on, channel, report.set_config('a', 'b', false) as orders\nfrom report.sales"),
    { code: 'function_not_allowed', line: 11, column: 26 },
  ],
  [
    'a column that is not grouped',
    select('select sold_on, channel, sum(orders) as orders\nfrom report.sales group by sold_on'),
    { code: 'group_by', line: 11, column: 17 },
  ],
  [
    'the clock',
    select('select sold_on, channel, orders\nfrom report.sales where sold_on < current_date'),
    { code: 'clock', line: 12, column: 35, hint: ':today' },
  ],
  [
    'the select gives an undeclared column',
    select('select sold_on, channel, orders, amount\nfrom report.sales'),
    { code: 'column_undeclared', line: 11 },
  ],
  [
    'the select lacks a declared column',
    select('select sold_on, channel\nfrom report.sales'),
    { code: 'column_missing', line: 7, column: 3 },
  ],
  [
    'an expression without a name',
    select('select sold_on, channel, orders + 1\nfrom report.sales'),
    { code: 'column_undeclared', line: 11, hint: '"as"' },
  ],
  [
    'a measure that is a text',
    select('select sold_on, channel, orders::text as orders\nfrom report.sales'),
    { code: 'column_type', line: 7, hint: '::numeric' },
  ],
  [
    'a time that is a text',
    select("select to_char(sold_on, 'YYYY-MM') as sold_on, channel, orders\nfrom report.sales"),
    { code: 'column_type', line: 5, hint: 'date_trunc' },
  ],
  [
    'a plan that is far too dear',
    select('select sold_on, channel, g as orders\nfrom report.sales, generate_series(1, 1000000000) g order by 3'),
    { code: 'too_expensive', line: 11 },
  ],
  [
    'options with one column',
    reportText({
      params: '\n  channel: { type: text, options: "select channel from report.sales" }',
      select: 'select sold_on, channel, orders from report.sales where channel = :channel',
    }),
    { code: 'options_columns', line: 5 },
  ],
  [
    'options with a misspelt view',
    reportText({
      params: '\n  channel: { type: text, options: "select 1, 2 from report.sale" }',
      select: 'select sold_on, channel, orders from report.sales where channel = :channel',
    }),
    { code: 'relation_unknown', line: 5, column: 53, hint: 'sales' },
  ],
];

test.each(MISTAKES)('%s is refused at its place with a way out', async (_name, text, { hint, ...place }) => {
  const problem = await problemOf(text, context);
  expect(problem).toMatchObject({ ...place, file: 'reports/pages/sales/test.sql' });
  expect(problem.message[0]).toMatch(/\p{Script=Han}/u);
  if (hint) expect(problem.hint?.[1]).toContain(hint);
});

test('a misspelt column is named in both languages, with its table where it was written', async () => {
  const problem = await problemOf(select('select sold_on, channel, sales.oders as orders\nfrom report.sales'), context);
  expect(problem.message).toEqual(['没有列 sales.oders', 'column sales.oders does not exist']);
  expect(problem.hint).toEqual(['是不是想写 sales.orders？', expect.stringContaining('sales.orders')]);
});
