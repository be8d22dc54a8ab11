/** Reports of reviews and shares: given a few events, the rows of each. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReportResult } from '../../api/contract-reports.ts';
import { reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await sql`
    insert into app.customers (id, external_id, enrolled_on)
    select number, 'C' || number, '2025-12-01' from generate_series(1, 4) as numbers (number)
  `.execute(t.owner);
  await sql`
    insert into app.orders (customer_id, id, source, external_id, placed_at, placed_on, status, amount)
    values (4, 11, 't', 'O1', '2026-03-02', '2026-03-02', 'paid', 80), (4, 12, 't', 'O2', '2026-03-02', '2026-03-02', 'paid', 30),
      (4, 13, 't', 'O3', '2026-03-02', '2026-03-02', 'cancelled', 900)
  `.execute(t.owner);
  // March: 30 ratings, 24 of them 4 or 5; April: 29, all of them 5; a week with three.
  await sql`
    insert into app.events (customer_id, kind, source, external_id, occurred_at, occurred_on, channel, rating)
    select
      1, 'review', 't', 'R' || number, made.day + time '04:00', made.day, 'app',
      case when number > 30 then 5 when number <= 3 then 1 when number <= 6 then 2 when number <= 20 then 4 else 5 end
    from generate_series(1, 59) as numbers (number)
    cross join lateral (select case when number > 30 then date '2026-04-08' when number <= 3 then '2026-03-20' else '2026-03-03' end as day) as made
  `.execute(t.owner);
  const share = (customer: number, no: number, order: number | null, day = '2026-03-03') =>
    sql`
      insert into app.events (customer_id, kind, source, external_id, occurred_at, occurred_on, channel, order_id)
      values (${customer}, 'share', 't', ${`S${no}`}, ${`${day}T04:00:00Z`}, ${day}, 'app', ${order})
    `.execute(t.owner);
  await share(1, 1, 12);
  await share(2, 2, 11);
  await share(2, 3, null, '2026-03-04');
  await share(3, 4, 13, '2026-03-10');
  // By one's own link.
  await share(4, 5, 11, '2026-03-10');
});
afterAll(async () => {
  reportStore(a.deps).close();
  await t?.close();
});

async function rows(address: string, wanted: string[]): Promise<unknown[][]> {
  const answer = await a.as('viewer')('GET', `/api/_reports/run/${address}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  const result = (await answer.json()) as ReportResult;
  return result.rows.map((row) => wanted.map((name) => row[result.columns.indexOf(name)]));
}

test('weeks count reviews; of fewer than five ratings there is no mean', async () => {
  expect(await rows('feedback/reviews-by-week?period=2026-03', ['week_on', 'reviews', 'rated', 'low'])).toEqual([
    ['2026-03-02', 27, 27, 3],
    ['2026-03-16', 3, 3, 3],
  ]);
  expect(await rows('feedback/mean-rating?period=2026-03&grain=week', ['step_on', 'rating', 'rated'])).toEqual([
    // 3 × 2, 14 × 4 and 10 × 5.
    ['2026-03-02', '4.15', 27],
    ['2026-03-16', null, 3],
  ]);
  expect(await rows('feedback/mean-rating?period=2026-03', ['rating'])).toEqual([['3.83']]);
});

test('the share of the top two has its Wilson interval, and of fewer than thirty there is none', async () => {
  const found = await rows('feedback/top-two?period=2026-03-01..2026-04-30', [
    'step_on',
    'rate',
    'rate_low',
    'rate_high',
    'rated',
  ]);
  expect(found).toEqual([
    ['2026-03-01', '0.800000', '0.626943', '0.904949', 30],
    ['2026-04-01', null, null, null, 29],
  ]);
  expect((await rows('feedback/ratings?period=2026-03', ['rating', 'reviews'])).map(([, count]) => count)).toEqual([
    3, 3, 0, 14, 10,
  ]);
  expect(await rows('feedback/ratings?period=2026-01', ['rating'])).toEqual([]);
});

test('low ratings are the newest first, and lead to their events', async () => {
  const low = await rows('feedback/low-ratings?period=2026-03', ['day', 'rating', 'source', 'event_no']);
  expect(low).toHaveLength(6);
  expect(low[0]).toEqual(['2026-03-20', 1, 't', 'R3']);
  const where = { source: { eq: 't' }, external_id: { eq: 'R3' } };
  const list = await a.as('viewer')('GET', `/api/events?_where=${encodeURIComponent(JSON.stringify(where))}`);
  expect(((await list.json()) as { rating: number }[]).map(({ rating }) => rating)).toEqual([1]);
  expect(await rows('feedback/low-ratings?period=2026-03&rating=1', ['rating'])).toHaveLength(3);
});

test('weeks tell shares that led to an order from others, and how many people shared', async () => {
  const wanted = ['week_on', 'outcome', 'shares', 'sharers', 'week_sharers', 'amount'];
  expect(await rows('referral/shares-by-week?period=2026-03', wanted)).toEqual([
    ['2026-03-02', 'led', 2, 2, 2, '110.00'],
    ['2026-03-02', 'other', 1, 1, 2, '0'],
    ['2026-03-09', 'other', 2, 2, 2, '0'],
  ]);
  expect(await rows('referral/share-order-rate?period=2026-03', ['rate', 'led', 'shares'])).toEqual([[null, 2, 5]]);
  expect(await rows('referral/order-rate-by-channel?period=2026-03', ['share_channel', 'rate', 'shares'])).toEqual([
    ['app', null, 5],
  ]);
});

test('the top ten are ordered by what they led to, then by its value', async () => {
  const wanted = ['place', 'customer_no', 'led', 'amount', 'shares', 'last_on'];
  expect(await rows('referral/top-sharers?period=2026-03', wanted)).toEqual([
    [1, 'C2', 1, '80.00', 2, '2026-03-04'],
    [2, 'C1', 1, '30.00', 1, '2026-03-03'],
    [3, 'C3', 0, '0', 1, '2026-03-10'],
    [4, 'C4', 0, '0', 1, '2026-03-10'],
  ]);
});
