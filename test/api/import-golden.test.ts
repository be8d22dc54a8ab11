/**
 * The published figures, by the screens' own path: a file imported over HTTP, the jobs run, the segments counted.
 * Those of Online Retail stand with the rest of its import (import-online-retail.test.ts).
 */
import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyDefaults } from '../../api/default-programme.ts';
import { runJob } from '../../api/jobs.ts';
import { jobDeps, publishRules, RULES_S1, segmentSizes } from '../sql/segments.ts';
import { DATA, dataFile, type ImportBench, importBench } from './import-client.ts';

const THERE = existsSync(DATA);
if (!THERE) console.warn(`Golden figures of imports are not tested: ${DATA} is absent.`);

interface Golden {
  file: string;
  /** The preset the person chooses; absent: the one proposed. */
  preset?: string;
  zone: string;
  /** Orders, customers, revenue of known customers. */
  figures: [orders: number, customers: number, revenue: string];
  segments: {
    as_of_on: string;
    net: [fresh: number, active: number, dormant: number];
    gross: [number, number, number];
  }[];
}

/** Days are the shop's own: a programme in its time zone. */
const FILES: Golden[] = [
  {
    file: 'CDNOW_master.txt',
    zone: 'America/New_York',
    figures: [69_659, 23_570, '2500315.63'],
    segments: [
      { as_of_on: '1998-07-01', net: [0, 1164, 4033], gross: [0, 1164, 4033] },
      { as_of_on: '1997-04-01', net: [188, 2281, 1257], gross: [188, 2281, 1257] },
    ],
  },
  {
    file: 'CDNOW_sample.txt',
    preset: 'CDNOW sample (no header)',
    zone: 'America/New_York',
    figures: [6919, 2357, '244091.94'],
    segments: [{ as_of_on: '1997-09-30', net: [0, 122, 404], gross: [0, 122, 404] }],
  },
];

describe.skipIf(!THERE).each(FILES)('$file', ({ file, preset, zone, figures, segments }) => {
  let bench: ImportBench;
  beforeAll(async () => {
    bench = await importBench();
    await bench.t.owner.updateTable('app.settings').set({ time_zone: zone }).execute();
    const { id } = await bench.upload('orders', await dataFile(file), { file_name: file });
    if (preset) {
      const response = await bench.app.as('pii')('GET', '/api/_import_presets?resource=orders');
      const presets = (await response.json()) as { name: string[]; mapping: never }[];
      await bench.patch(id, { mapping: presets.find(({ name }) => name[1] === preset)!.mapping });
    }
    const done = await bench.go(id, 'run');
    expect(done).toMatchObject({ state: 'done', wrong: 0 });
    await publishRules(bench.t, 'golden_net', RULES_S1.net);
    await publishRules(bench.t, 'golden_gross', RULES_S1.gross);
    expect(await runJob(jobDeps(bench.t), 'refresh_rollups', '2012-01-01')).toMatchObject({
      state: 'done',
      error: null,
    });
  }, 180_000);
  afterAll(() => bench?.close());

  test('orders, customers and revenue', async () => {
    const found = await bench.t.db
      .selectFrom('app.orders')
      .select([
        sql<number>`count(*)`.as('orders'),
        sql<number>`count(distinct customer_id)`.as('customers'),
        sql<string>`sum(amount)`.as('revenue'),
      ])
      .where('customer_id', '<>', 0)
      .executeTakeFirstOrThrow();
    expect([found.orders, found.customers, found.revenue]).toEqual(figures);
  });

  test.each(segments)('segments as of $as_of_on', async ({ as_of_on, net, gross }) => {
    expect(await runJob(jobDeps(bench.t), 'segment_snapshot', as_of_on)).toMatchObject({ state: 'done', error: null });
    const named = ([fresh, active, dormant]: readonly number[]) =>
      Object.fromEntries(Object.entries({ new: fresh, active, dormant }).filter(([, size]) => size !== 0));
    expect(await segmentSizes(bench.t, 'golden_net', as_of_on)).toMatchObject(named(net));
    expect(await segmentSizes(bench.t, 'golden_gross', as_of_on)).toMatchObject(named(gross));
  });
});

describe.skipIf(!THERE)('rfm_data_orders.csv', () => {
  let bench: ImportBench;
  beforeAll(async () => {
    bench = await importBench();
    await bench.t.owner.transaction().execute(applyDefaults);
    const { id } = await bench.upload('orders', await dataFile('rfm_data_orders.csv'));
    expect(await bench.go(id, 'run')).toMatchObject({ state: 'done', wrong: 0, created: 4906 });
    await runJob(jobDeps(bench.t), 'refresh_rollups', '2006-12-31');
    await runJob(jobDeps(bench.t), 'rfm_scores', '2006-12-31');
  }, 120_000);
  afterAll(() => bench?.close());

  test('the ten groups, customer by customer', async () => {
    const groups = await bench.t.db
      .selectFrom('app.customer_rfm')
      .select([
        'rfm_group',
        sql<number>`count(*)`.as('customers'),
        sql<number>`sum(order_count)`.as('orders'),
        sql<string>`sum(gross_amount)`.as('revenue'),
      ])
      .groupBy('rfm_group')
      .execute();
    const champions = groups.find(({ rfm_group }) => rfm_group === 'champions');
    expect(champions).toMatchObject({ customers: 35, orders: 316, revenue: '31646.00' });
    expect(groups.reduce((sum, { customers }) => sum + customers, 0)).toBe(995);
    const first = await bench.t.db
      .selectFrom('app.customer_rfm')
      .innerJoin('app.customers', 'app.customers.id', 'app.customer_rfm.customer_id')
      .select(['name', 'order_count', 'gross_amount', 'recency_score', 'frequency_score', 'monetary_score'])
      .where('external_id', '=', "Abbey O'Reilly")
      .executeTakeFirst();
    expect(first).toEqual({
      name: "Abbey O'Reilly",
      order_count: 6,
      gross_amount: '472.00',
      recency_score: 3,
      frequency_score: 4,
      monetary_score: 3,
    });
  });
});
