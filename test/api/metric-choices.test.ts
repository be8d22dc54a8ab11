/** What can be chosen where a metric is named follows the files of the registry, without a restart. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Choices, Meta } from '../../api/contract.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { type ReportStore, reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
let store: ReportStore;
let folder: string;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  folder = mkdtempSync(join(tmpdir(), 'evergreen-reports-'));
  cpSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'), { recursive: true });
  mkdirSync(join(folder, 'pages'));
  store = reportStore(app.deps, folder);
  await store.metrics();
});
afterAll(async () => {
  store.close();
  rmSync(folder, { recursive: true });
  await t.close();
});

async function choicesOf(resource: string, field: string): Promise<Choices> {
  const meta = (await (await app.as('analyst')('GET', '/api/_meta')).json()) as Meta;
  const found = meta.resources.find(({ name }) => name === resource)!.fields[field]!;
  return 'choices' in found ? found.choices : {};
}
const target = (metric: string) =>
  app.as('analyst')('POST', '/api/metric_targets', {
    ...{ metric, grain: 'month', measure: 'number', target_value: '5', starts_on: '2026-01-01' },
  });

test('a metric that is added, renamed and removed', async () => {
  expect((await target('tea_orders')).status).toBe(422);
  const before = await choicesOf('metric_targets', 'metric');
  const orders = readFileSync(join(folder, 'metrics', 'orders.yaml'), 'utf8');
  const path = join(folder, 'metrics', 'tea_orders.yaml');

  writeFileSync(path, orders.replace(/^label: .*$/m, 'label: [茶订单, Tea orders]'));
  await expect
    .poll(async () => (await choicesOf('metric_targets', 'metric')).tea_orders)
    .toEqual(['茶订单', 'Tea orders']);
  expect((await choicesOf('metric_events', 'metrics')).tea_orders).toEqual(['茶订单', 'Tea orders']);
  expect((await target('tea_orders')).status).toBe(201);

  writeFileSync(path, orders.replace(/^label: .*$/m, 'label: [茶饮订单, Orders of tea]'));
  await expect.poll(async () => (await choicesOf('metric_targets', 'metric')).tea_orders?.[1]).toBe('Orders of tea');

  // A file that is broken changes nothing.
  writeFileSync(path, 'label: [茶');
  await store.refresh();
  expect((await choicesOf('metric_targets', 'metric')).tea_orders?.[1]).toBe('Orders of tea');

  rmSync(path);
  await expect.poll(async () => await choicesOf('metric_targets', 'metric')).toEqual(before);
  expect((await target('tea_orders')).status).toBe(422);
});
