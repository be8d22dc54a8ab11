/** Groups of customers who buy alike: found, named, added up. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

const DAY = '2026-03-01';
let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  // Forty who buy much and often until yesterday, sixty now and then, fifty once and long ago.
  await sql`
    with made as (
      insert into app.customers (external_id, enrolled_on)
      select 'c' || lpad(n::text, 3, '0'), '2025-01-01' from generate_series(1, 150) as n
      returning id, substr(external_id, 2)::integer as n
    )
    insert into app.customer_rfm (
      customer_id, as_of_on, first_order_on, last_order_on, order_count, gross_amount, net_amount,
      recency_score, frequency_score, monetary_score, rfm_group
    )
    select
      id, ${DAY}::date, '2025-01-05', ${DAY}::date - kinds.quiet - kinds.quiet * mod(n * 37, 50) / 60, kinds.orders + kinds.orders * mod(n * 29, 50) / 60,
      kinds.spend + kinds.spend * mod(n * 53, 50) / 60, kinds.spend + kinds.spend * mod(n * 53, 50) / 60,
      3, 3, 3, 'other'
    from made
    inner join (values (1, 40, 3, 60, 20000), (41, 100, 30, 9, 900), (101, 150, 300, 1, 40)) as kinds (first, last, quiet, orders, spend)
      on n between kinds.first and kinds.last
  `.execute(t.owner);
  await sql`
    insert into app.rfm_snapshots (as_of_on, customer_count, recency_cuts, frequency_cuts, monetary_cuts)
    values (${DAY}, 150, '{}', '{}', '{}')
  `.execute(t.owner);
});
afterAll(() => t?.close());

async function run(day = DAY): Promise<number> {
  const done = await runJob(jobDeps(t), 'customer_clusters', day);
  expect(done).toMatchObject({ state: 'done', error: null });
  return done.rows_written;
}
const clusters = () => t.db.selectFrom('report.clusters').selectAll().orderBy('number').execute();

test('three kinds of customers are three groups, the one that spends most first, each said in words', async () => {
  expect(await run()).toBe(3);
  const found = await clusters();
  expect(found.map(({ number, customer_count, name, name_en }) => ({ number, customer_count, name, name_en }))).toEqual(
    [
      { number: 1, customer_count: 40, name: '1 近期·常买·高消费', name_en: '1 recent, frequent, high spend' },
      { number: 2, customer_count: 60, name: '2 一般', name_en: '2 average' },
      { number: 3, customer_count: 50, name: '3 久未下单·少买·低消费', name_en: '3 long quiet, rare, low spend' },
    ],
  );
  expect(Number(found[0]!.explained_rate)).toBeGreaterThan(0.9);
});

test('groups add up to the customers, their orders and what they spent', async () => {
  const { rows } = await sql<{ [figure: string]: string }>`
    select count(*) as customers, sum(order_count) as orders, sum(net_amount) as spend,
      sum(${DAY}::date - last_order_on) as quiet
    from app.customer_rfm
  `.execute(t.owner);
  const found = await clusters();
  const sum = (column: 'customer_count' | 'order_count' | 'net_amount' | 'recency_days') =>
    found.reduce((total, row) => total + Number(row[column]), 0);
  expect([sum('customer_count'), sum('order_count'), sum('net_amount'), sum('recency_days')]).toEqual(
    Object.values(rows[0]!).map(Number),
  );
});

test('the same day again is the same; a day before the scores or the latest model changes nothing', async () => {
  const before = await clusters();
  expect(await run()).toBe(3);
  expect(await clusters()).toEqual(before);
  expect(await run('2026-02-01')).toBe(0);
  expect(await clusters()).toEqual(before);
});

test('too few customers are told nothing about; a group of fewer than five is not shown', async () => {
  await t.owner.updateTable('app.clusters').set({ customer_count: 4 }).where('number', '=', 2).execute();
  expect((await clusters()).map(({ number }) => number)).toEqual([1, 3]);
  await t.owner.deleteFrom('app.customer_rfm').where('net_amount', '<', '1000').execute();
  expect(await run('2026-03-02')).toBe(0);
});
