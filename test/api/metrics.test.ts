/** The registry over HTTP: what each person sees of it, and a metric with its targets, events and source. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MetricDetails, MetricList } from '../../api/contract-reports.ts';
import { REPORTS_FOLDER, readMetricFiles, readMetrics } from '../../api/report/metrics.ts';
import { ReportError } from '../../api/report/problem.ts';
import { reportStore } from '../../api/report/store.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  for (const [day, order_count, amount] of [
    ['2026-01-05', 300, 30_000],
    ['2026-02-03', 29, 2_900],
    ['2026-03-20', 2, 100],
  ] as const) {
    await t.owner
      .insertInto('app.order_day')
      .values({ day, channel: 'online', identified: true, order_count, amount, returned_amount: 0 })
      .execute();
  }
  await t.owner
    .insertInto('app.order_period')
    .values([
      { grain: 'month', starts_on: '2026-01-01', buyer_count: 263, repeat_buyer_count: 81 },
      { grain: 'month', starts_on: '2026-02-01', buyer_count: 29, repeat_buyer_count: 1 },
    ])
    .execute();
});
afterAll(async () => {
  reportStore(a.deps).close();
  await t?.close();
});

const ask = (person: Person, path: string) => a.as(person)('GET', `/api/_metrics${path}`);
const details = async (path: string, person: Person = 'analyst') =>
  (await (await ask(person, path)).json()) as MetricDetails;
const codes = async (person: Person) =>
  ((await (await ask(person, '')).json()) as MetricList).metrics.map(({ code }) => code);
function values({ course }: MetricDetails, column: string): unknown[] {
  return course!.rows.map((row) => row[course!.columns.indexOf(column)]);
}

test('every metric with a source can be read and holds its tests, and each without says why or is of reports only', async () => {
  const { metrics, areas } = (await (await ask('administrator', '')).json()) as MetricList;
  expect(metrics.length).toBeGreaterThan(90);
  for (const metric of metrics) {
    expect(areas.map(({ name }) => name)).toContain(metric.area);
    const answer = await ask('administrator', `/${metric.code}`);
    expect(answer.status, `${metric.code}: ${await answer.clone().text()}`).toBe(200);
    const found = (await answer.json()) as MetricDetails;
    expect(
      // Of many there are no facts here.
      found.tests.filter(({ name, passed }) => name !== 'known' && !passed),
      metric.code,
    ).toEqual([]);
    expect(found.course !== null, metric.code).toBe(metric.course);
    if (metric.waits) expect(metric.course).toBe(false);
    if (metric.course)
      expect(
        found.lineage.every(({ tables }) => tables.length > 0),
        metric.code,
      ).toBe(true);
  }
});

test('a course gives value, interval and comparison by the step that is asked for', async () => {
  const months = await details('/repurchase_rate');
  expect(months.course).toMatchObject({ grain: 'month', grains: ['month'] });
  expect(values(months, 'step_on').slice(0, 2)).toEqual(['2026-01-01', '2026-02-01']);
  expect(values(months, 'value').slice(0, 2)).toEqual(['0.307985', '0.034483']);
  expect(values(months, 'low').map(Number)[0]).toBeCloseTo(0.2553, 4);
  const orders = await details('/orders');
  expect(values(orders, 'num').slice(0, 3).map(Number)).toEqual([300, 29, 2]);
  expect((await details('/orders?grain=week')).course!.grain).toBe('week');
  // A ratio of sums, not a mean of ratios; three months as one would be the same.
  expect(values(await details('/aov_gross'), 'value').slice(0, 3)).toEqual(['100.000000', '100.000000', '50.000000']);
});

test('says where it is read, down to the tables, and which reports show it', async () => {
  const found = await details('/repurchase_rate');
  expect(found.parts.map(({ code }) => code)).toEqual(['repeat_buyers', 'buyers']);
  expect(found.lineage).toMatchObject([{ view: 'order_months' }]);
  expect(found.lineage[0]!.tables).toContain('app.order_period');
  expect(found.reports.map(({ slug }) => slug)).toContain('sales/repurchase-by-month');
});

test('a target and an event that staff enter are in the course; the target is history like any record', async () => {
  const target = {
    metric: 'repurchase_rate',
    grain: 'month',
    measure: 'rate',
    target_rate: '0.35',
    starts_on: '2026-02-01',
  };
  const made = await a.as('manager')('POST', '/api/metric_targets', target);
  expect(made.status, await made.clone().text()).toBe(201);
  const { id } = (await made.json()) as { id: number };
  const event = { name: '调价', name_en: 'New prices', kind: 'price', starts_on: '2026-02-10' };
  expect((await a.as('operator')('POST', '/api/metric_events', event)).status).toBe(201);
  expect(
    (await a.as('operator')('POST', '/api/metric_events', { ...event, name: '别的', metrics: ['orders'] })).status,
  ).toBe(201);

  const found = await details('/repurchase_rate');
  expect(values(found, 'target').slice(0, 2)).toEqual([null, '0.3500']);
  expect(found.course!.events).toEqual([
    { kind: 'price', name: ['调价', 'New prices'], starts_on: '2026-02-10', ends_on: null },
  ]);
  expect((await details('/orders')).course!.events).toHaveLength(2);
  const history = await a.as('manager')('GET', `/api/metric_targets/${id}/_history`);
  expect(history.status).toBe(200);
  const { metrics } = (await (await ask('analyst', '')).json()) as MetricList;
  expect(metrics.filter((metric) => metric.target).map(({ code }) => code)).toEqual(['repurchase_rate']);
});

test('targets are refused with the field: twice the same, without a value, of an unknown metric, ending before they begin', async () => {
  const target = { metric: 'churn_rate', grain: 'month', measure: 'rate', target_rate: '0.2', starts_on: '2026-02-01' };
  const post = async (changes: object, person: Person = 'manager') => {
    const answer = await a.as(person)('POST', '/api/metric_targets', { ...target, ...changes });
    const { errors } = (await answer.json()) as { errors?: object };
    return [answer.status, ...Object.keys(errors ?? {})];
  };
  expect(await post({})).toEqual([201]);
  expect((await post({}))[0]).toBeGreaterThanOrEqual(409);
  expect(await post({ starts_on: '2026-03-01', target_rate: null })).toEqual([422, 'target_rate']);
  expect(await post({ metric: 'no_such_metric' })).toEqual([422, 'metric']);
  expect(await post({ starts_on: '2026-04-01', ends_on: '2026-03-01' })).toEqual([422, 'ends_on']);
  expect((await post({ starts_on: '2026-05-01' }, 'operator'))[0]).toBe(403);
});

test('wrong requests name what is wrong', async () => {
  expect((await ask('analyst', '/no_such_metric')).status).toBe(404);
  for (const [query, name] of [
    ['grain=hour', 'grain'],
    ['period=2026', 'period'],
  ]) {
    const answer = await ask('analyst', `/orders?${query}`);
    expect([answer.status, ((await answer.json()) as { params: unknown }).params]).toEqual([400, { name }]);
  }
  expect((await ask('analyst', `/${encodeURIComponent("x'; drop table app.orders --")}`)).status).toBe(404);
  expect((await a.anyone('GET', '/api/_metrics')).status).toBe(401);
});

test('a metric shows no more than the reports that show it', async () => {
  const store = reportStore(a.deps);
  const entries = await store.list();
  const roles = ['analyst', 'manager', 'operator', 'reviewer', 'viewer', 'customer_service'] as const;
  for (const role of roles) {
    const open = entries.filter(({ live }) => live?.definition.access.roles.includes(role));
    const answer = await ask(role, '');
    if (open.length === 0) {
      expect(answer.status, role).toBe(403);
      continue;
    }
    const shown = new Set(await codes(role));
    const mine = new Set(
      open.flatMap(({ live }) => Object.values(live!.definition.columns).flatMap(({ metric }) => metric ?? [])),
    );
    for (const { live } of entries) {
      for (const { metric } of Object.values(live!.definition.columns)) {
        if (!metric || mine.has(metric) || !shown.has(metric)) continue;
        // Seen as a part of a ratio that is theirs to see.
        const { metrics } = await store.metrics();
        const ratios = [...metrics.values()].filter(({ num, den }) => num === metric || den === metric);
        expect(
          ratios.some(({ code }) => mine.has(code)),
          `${role} sees ${metric}`,
        ).toBe(true);
      }
    }
  }
});

test('a file that is wrong is told with its place and keeps nobody from the other metrics', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evergreen-metrics-'));
  try {
    cpSync(join(REPORTS_FOLDER, 'metrics'), folder, { recursive: true });
    writeFileSync(join(folder, 'orders.yaml'), 'label: [订单数, Orders]\nsource: { veiw: order_days }\n');
    expect(() => readMetrics(folder)).toThrow(ReportError);
    expect(() => readMetrics(folder)).toThrow(/metrics\/orders\.yaml:/);
    const read = readMetricFiles(folder).flatMap((file) => {
      try {
        return [file().code];
      } catch {
        return [];
      }
    });
    expect(read).not.toContain('orders');
    expect(read).toContain('revenue_net');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
