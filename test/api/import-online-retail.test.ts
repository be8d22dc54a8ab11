import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportStatus } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { heldMegabytes } from '../held-memory.ts';
import { jobDeps, publishRules, RULES_S1, segmentSizes } from '../sql/segments.ts';
import { DATA, dataFile, type ImportBench, importBench } from './import-client.ts';

const THERE = existsSync(DATA);
if (!THERE) console.warn(`The import of Online Retail is not tested: ${DATA} is absent.`);

describe.skipIf(!THERE)('541,909 invoice lines, through the screen’s own path', () => {
  let bench: ImportBench;
  let first: ImportStatus;
  /** What somebody was told who asked again and again. */
  const told: ImportStatus[] = [];
  let grown_mb: number;
  beforeAll(async () => {
    bench = await importBench();
    // Days are the shop's own: a programme in its time zone.
    await bench.t.owner.updateTable('app.settings').set({ time_zone: 'Europe/London' }).execute();
    const file = await dataFile('online_retail.csv.gz');
    const before = heldMegabytes();
    let most = before;
    const { id } = await bench.upload('orders', file, { file_name: 'online_retail.csv.gz' });
    const ended = bench.go(id, 'run');
    let over = false;
    const asking = (async () => {
      for (; !over; await new Promise((done) => setTimeout(done, 20))) {
        const status = await bench.status(id);
        if (status.rows_read !== told.at(-1)?.rows_read) most = Math.max(most, heldMegabytes());
        told.push(status);
      }
    })();
    first = await ended.finally(() => {
      over = true;
    });
    await asking;
    grown_mb = most - before;
  }, 180_000);
  afterAll(() => bench?.close());

  test('is recognised: header, comma, the preset that fits', () => {
    expect(first.format).toEqual({ encoding: 'utf-8', delimiter: ',', header: true });
    expect(first.mapping?.columns.order_external_id).toBe('InvoiceNo');
    expect(first.mapping?.time_zone).toBe('Europe/London');
  });

  test('gives the published number of lines, orders, customers and revenue', async () => {
    const known = await bench.t.db
      .selectFrom('app.orders')
      .select((row) => [row.fn.countAll<number>().as('orders'), row.fn.sum<string>('amount').as('revenue')])
      .select(sql<number>`count(distinct customer_id)`.as('customers'))
      .where('customer_id', '<>', 0)
      .executeTakeFirstOrThrow();
    const { lines } = await bench.t.db
      .selectFrom('app.order_lines')
      .select((row) => row.fn.countAll<number>().as('lines'))
      .where('customer_id', '<>', 0)
      .executeTakeFirstOrThrow();
    expect({ ...known, lines }).toEqual({ orders: 18_532, customers: 4338, revenue: '8911407.90', lines: 397_884 });
  });

  test('makes returns of cancelled invoices, with and without a customer', async () => {
    const all = await bench.t.db
      .selectFrom('app.returns')
      .select(sql<number>`count(*)`.as('all'))
      .select(sql<string>`sum(amount)`.as('amount'))
      .select(sql<number>`count(*) filter (where customer_id <> 0)`.as('known'))
      .select(sql<string>`sum(amount) filter (where customer_id <> 0)`.as('known_amount'))
      .executeTakeFirstOrThrow();
    expect(all).toEqual({ all: 3836, amount: '896812.49', known: 3654, known_amount: '611342.09' });
  });

  test('says what became of each row', () => {
    expect(first.state).toBe('done');
    expect(first.rows_read).toBe(541_909);
    expect(first.wrong).toBe(0);
    expect(first.counts).toMatchObject({ lines: 530_104, returns: 3836, orders: 19_960 });
    expect(first.skipped_by.map(({ rows }) => rows)).toEqual([1336, 1181]);
    expect(first.created).toBe(530_104 + 9288);
    expect(first.created + first.skipped).toBe(541_909);
  });

  test('counts the earlier of two timestamps of an invoice, in UK time', async () => {
    const order = await bench.t.db
      .selectFrom('app.orders')
      .select(['placed_at', 'placed_on'])
      .where('external_id', '=', '536591')
      .executeTakeFirstOrThrow();
    expect(order).toEqual({ placed_at: '2010-12-01T16:57:00.000Z', placed_on: '2010-12-01' });
  });

  test('gives the published segments', async () => {
    const SIZES = [
      { as_of_on: '2011-12-10', net: [29, 615, 142], gross: [29, 592, 133] },
      { as_of_on: '2011-12-05', net: [38, 611, 141], gross: [38, 595, 138] },
    ];
    await publishRules(bench.t, 'golden_net', RULES_S1.net);
    await publishRules(bench.t, 'golden_gross', RULES_S1.gross);
    const done = { state: 'done', error: null };
    expect(await runJob(jobDeps(bench.t), 'refresh_rollups', '2012-01-01')).toMatchObject(done);
    for (const { as_of_on, net, gross } of SIZES) {
      expect(await runJob(jobDeps(bench.t), 'segment_snapshot', as_of_on)).toMatchObject(done);
      const sizes = async (set: string) => {
        const { new: fresh, active, dormant } = await segmentSizes(bench.t, set, as_of_on);
        return [fresh, active, dormant];
      };
      expect({ as_of_on, net: await sizes('golden_net'), gross: await sizes('golden_gross') }).toEqual({
        as_of_on,
        net,
        gross,
      });
    }
  });

  // How long anything takes is measured by the bench.
  test('lets others be answered while it reads, and its memory is bounded', () => {
    const under_way = told.filter(({ state, rows_read }) => state === 'running' && rows_read < 541_909);
    expect(under_way.length).toBeGreaterThan(5);
    expect(grown_mb).toBeLessThan(60);
  });

  test('the same file again changes nothing', async () => {
    const again = await bench.upload('orders', await dataFile('online_retail.csv.gz'));
    const done = await bench.go(again.id, 'run');
    expect(done).toMatchObject({ state: 'done', created: 0, updated: 0, wrong: 0, unchanged: 530_104 + 9288 });
    expect(done.counts.differing).toBe(0);
  }, 120_000);
});
