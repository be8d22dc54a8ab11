/** What stands beside the rows of a report, and reports that are not run for everybody who opens them. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReportResult } from '../../api/contract-reports.ts';
import { runJob } from '../../api/jobs.ts';
import { resolveRange } from '../../api/report/dates.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { shiftedRange } from '../../api/report/shifted-range.ts';
import { type ReportStore, reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { reportText, reportWorld } from '../reports/report-fixture.ts';

const LINE = {
  params: '\n  period: { type: daterange, default: 2026-03-09..2026-03-15 }',
  columns: '\n  sold_on: { role: time, label: [日期, Day] }\n  orders: { role: measure, metric: orders }',
  chart: '{ kind: line, x: sold_on, y: orders }',
  select:
    'select sold_on, sum(orders)::bigint as orders from report.sales where sold_on >= :period_from and sold_on < :period_to group by 1 order by 1',
};
const RUN = { ...LINE, select: `${LINE.select} -- kept` };

let t: TestDatabase;
let app: TestApp;
let store: ReportStore;
let folder: string;
const save = async (name: string, text: string) => {
  writeFileSync(join(folder, 'pages', 'sales', `${name}.sql`), text);
  await store?.refresh();
};

beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  await reportWorld(t);
  folder = mkdtempSync(join(tmpdir(), 'evergreen-compare-'));
  cpSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'), { recursive: true });
  mkdirSync(join(folder, 'pages', 'sales'), { recursive: true });
  await save('line', reportText({ ...LINE, head: 'compare: [previous_period, same_period_last_year, target]\n' }));
  await save('marked', reportText({ ...LINE, head: 'events: { tags: [price] }\n' }));
  await save('cached', reportText({ ...RUN, head: 'run: { mode: cached, ttl: 1h }\n' }));
  await save('short', reportText({ ...RUN, head: 'run: { mode: cached, ttl: 1s }\n' }));
  await save('nightly', reportText({ ...RUN, head: 'run: { mode: nightly }\n' }));
  await save(
    'kpi',
    reportText({
      ...LINE,
      head: 'compare: [previous_period]\n',
      columns: '\n  orders: { role: measure, metric: orders }',
      chart: '{ kind: kpi, y: orders }',
      select:
        'select sum(orders)::bigint as orders from report.sales where sold_on >= :period_from and sold_on < :period_to',
    }),
  );
  store = reportStore(app.deps, folder);
}, 120_000);
afterAll(async () => {
  store?.close();
  rmSync(folder, { recursive: true });
  await t?.close();
});

async function run(name: string, query = ''): Promise<ReportResult> {
  const answer = await app.as('analyst')('GET', `/api/_reports/run/sales/${name}${query}`);
  expect(answer.status, name).toBe(200);
  return (await answer.json()) as ReportResult;
}
const kept = async (slug: string) =>
  (await t.owner.selectFrom('app.report_results').select('key').where('slug', '=', slug).execute()).length;

describe('the days compared with', () => {
  test.each([
    ['2026-02', 'previous_period', '2026-01-01', '2026-02-01', '2026-01-31', '2026-02-28'],
    ['2026-01-01..2026-02-28', 'previous_period', '2025-11-01', '2026-01-01', '2025-12-31', '2026-02-28'],
    ['this_month', 'previous_period', '2026-02-01', '2026-03-01', '2026-02-10', '2026-03-10'],
    ['last_3m', 'previous_period', '2025-10-01', '2025-12-29', '2025-11-30', '2026-02-28'],
    // As many days before, whatever day of the month they begin on.
    ['last_28d', 'previous_period', '2026-02-01', '2026-03-01', '2026-02-14', '2026-03-14'],
    ['2026-03-01..2026-03-07', 'previous_period', '2026-02-22', '2026-03-01', '2026-02-24', '2026-03-03'],
    ['2028-02-29', 'same_period_last_year', '2027-02-28', '2027-03-01', '2027-02-28', '2028-02-28'],
    ['2026-03-05..2026-03-11', 'same_period_last_year', '2025-03-05', '2025-03-12', '2025-03-07', '2026-03-07'],
  ] as const)('of %s, %s, begin on %s and end before %s', (range, against, begin, end, day, answers) => {
    const shifted = shiftedRange(resolveRange(range, '2026-03-28')!, against);
    expect([shifted.from, shifted.to, shifted.back(day)]).toEqual([begin, end, answers]);
  });
});

describe('a line', () => {
  test('stands beside the period before; where nothing was then there is nothing beside it', async () => {
    const { rows, compared } = await run('line');
    expect(rows).toEqual([['2026-03-09', 4]]);
    expect(compared).toEqual([{ against: 'previous_period', days: '2026-03-02..2026-03-08', values: [3] }]);
    expect((await run('line', '?period=all')).compared).toEqual([]);
  });

  test('stands beside the target of its metric for steps as long as its own, while it holds', async () => {
    await t.owner
      .insertInto('app.metric_targets')
      .values([
        { metric: 'orders', grain: 'day', measure: 'number', target_value: '5', starts_on: '2026-03-02' },
        { metric: 'orders', grain: 'month', measure: 'number', target_value: '900', starts_on: '2026-01-01' },
      ])
      .execute();
    const { rows, compared } = await run('line', '?period=2026-03-01..2026-03-31');
    expect(rows.map(([day]) => day)).toEqual(['2026-03-01', '2026-03-02', '2026-03-09']);
    expect(compared).toEqual([{ against: 'target', days: null, values: [null, '5.00', '5.00'] }]);
    // A step alone may be of any length.
    expect((await run('line', '?period=2026-03-01')).compared).toEqual([]);
    await t.owner.deleteFrom('app.metric_targets').execute();
  });

  test('shows events of the kinds that it names, from its first day on', async () => {
    const event = (name: string, kind: string, starts_on: string) => ({ name, name_en: name, kind, starts_on });
    await t.owner
      .insertInto('app.metric_events')
      .values([
        event('before', 'price', '2026-02-01'),
        event('dearer', 'price', '2026-03-02'),
        event('feast', 'holiday', '2026-03-03'),
      ])
      .execute();
    const { events } = await run('marked', '?period=2026-03-01..2026-03-31');
    expect(events).toEqual([{ kind: 'price', name: ['dearer', 'dearer'], starts_on: '2026-03-02', ends_on: null }]);
  });
});

test('large figures stand beside those of the days before', async () => {
  const { rows, compared } = await run('kpi');
  expect([rows, compared]).toEqual([
    [[4]],
    [{ against: 'previous_period', days: '2026-03-02..2026-03-08', values: [], row: [3] }],
  ]);
});

describe('a report that is kept', () => {
  test('is run once for whoever opens it, by the values asked for, until it is too old', async () => {
    const asked = await Promise.all(Array.from({ length: 32 }, () => run('cached')));
    expect(new Set(asked.map(({ ran_at }) => ran_at)).size).toBe(1);
    expect(await kept('sales/cached')).toBe(1);
    expect((await run('cached')).ran_at).toBe(asked[0]!.ran_at);
    const other = await run('cached', '?period=2026-03-01..2026-03-31');
    expect(other.rows).toHaveLength(3);
    expect(await kept('sales/cached')).toBe(2);
    const short = await run('short');
    await new Promise((done) => setTimeout(done, 1_100));
    expect((await run('short')).ran_at > short.ran_at).toBe(true);
  });

  test('is forgotten with its text, and downloaded as it is shown', async () => {
    const before = await run('cached');
    await save('cached', reportText({ ...RUN, head: 'owner: me\nrun: { mode: cached, ttl: 1h }\n' }));
    expect((await run('cached')).ran_at > before.ran_at).toBe(true);
    const rows = await kept('sales/cached');
    const csv = await app.as('analyst')('GET', '/api/_reports/csv/sales/cached');
    expect([csv.status, await kept('sales/cached')]).toEqual([200, rows]);
  });

  test('is forgotten when the views it reads are made anew', async () => {
    const before = await run('cached');
    expect((await run('cached')).ran_at).toBe(before.ran_at);
    const made = { hash: 'x', version: '0', migration: 1 };
    const { id } = await t.owner.insertInto('app.rebuilds').values(made).returning('id').executeTakeFirstOrThrow();
    expect((await run('cached')).ran_at > before.ran_at).toBe(true);
    await t.owner.deleteFrom('app.rebuilds').where('id', '=', id).execute();
  });

  test('is forgotten when a job of the night has ended, and not with one of every few minutes', async () => {
    const before = await run('cached');
    await runJob(app.deps, 'refresh_points_day', '2026-03-10');
    expect((await run('cached')).ran_at).toBe(before.ran_at);
    expect(await runJob(app.deps, 'product_pairs', '2026-03-10')).toMatchObject({ state: 'done' });
    const after = await run('cached');
    expect(after.ran_at > before.ran_at).toBe(true);
    expect((await run('cached')).ran_at).toBe(after.ran_at);
  });

  test('a wrong value is refused by its name, and nobody who may not read it is given it', async () => {
    expect((await app.as('analyst')('GET', '/api/_reports/run/sales/cached?period=never')).status).toBe(400);
    expect((await app.as('manager')('GET', '/api/_reports/run/sales/cached')).status).toBe(403);
  });

  test('at night is run by the job, in both languages, and what is old is forgotten', async () => {
    await sql`insert into app.report_results (key, slug, ran_at, result) values ('old', 'sales/old', now() - interval '3 days', '{}')`.execute(
      t.owner,
    );
    expect(await runJob(app.deps, 'nightly_reports', '2026-03-10')).toMatchObject({ state: 'done', rows_written: 2 });
    expect([await kept('sales/nightly'), await kept('sales/old')]).toEqual([2, 0]);
    const first = await run('nightly');
    expect((await run('nightly')).ran_at).toBe(first.ran_at);
    expect(await kept('sales/nightly')).toBe(2);
  });
});
