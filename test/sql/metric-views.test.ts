/** The views that metrics are read from: given a few facts, the figures; and the sums of the facts themselves. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
const people: number[] = [];
beforeAll(async () => {
  t = await testDatabase();
  for (const code of ['a', 'b', 'c', 'd']) {
    const { id } = await t.db
      .insertInto('app.customers')
      .values({ external_id: code, enrolled_on: '2025-12-01' })
      .returning('id')
      .executeTakeFirstOrThrow();
    people.push(id);
  }
  const [a, b, c, d] = people as [number, number, number, number];
  const orders: [customer: number, day: string, amount: number][] = [
    [a, '2026-01-31', 100],
    [a, '2026-02-28', 50],
    [b, '2026-01-02', 100],
    [b, '2026-03-01', 10],
    [c, '2026-01-15', 300],
    [c, '2026-02-01', 250],
    [c, '2026-02-02', 50],
    [d, '2026-02-10', 40],
  ];
  for (const [index, [customer_id, day, amount]] of orders.entries()) {
    await t.db
      .insertInto('app.orders')
      .values({
        customer_id,
        source: 't',
        external_id: `${index}`,
        placed_at: `${day}T04:00:00Z`,
        placed_on: day,
        amount,
      })
      .execute();
    await sql`select ops.mark_dirty('orders', array[${day}]::date[])`.execute(t.db);
  }
  await sql`select ops.refresh_rollups()`.execute(t.db);
});
afterAll(() => t?.close());

test('retention counts buyers of the month before who bought again, and loses the others', async () => {
  const rows = await t.db.selectFrom('report.retention_months').selectAll().orderBy('month_on').execute();
  expect(rows).toEqual([
    { month_on: '2026-01-01', earlier_buyer_count: 0, retained_count: 0, lost_count: 0 },
    { month_on: '2026-02-01', earlier_buyer_count: 3, retained_count: 2, lost_count: 1 },
    { month_on: '2026-03-01', earlier_buyer_count: 3, retained_count: 0, lost_count: 3 },
  ]);
});

test('buyers of the month before are those whom the orders themselves name', async () => {
  const { rows } = await sql<{ month_on: string; buyers: number }>`
    select (date_trunc('month', placed_on::timestamp) + interval '1 month')::date as month_on, count(distinct customer_id) as buyers
    from app.orders
    where placed_on < '2026-03-01'
    group by 1
    order by 1
  `.execute(t.owner);
  const counted = await t.db
    .selectFrom('report.retention_months')
    .select(['month_on', 'earlier_buyer_count as buyers'])
    .where('earlier_buyer_count', '>', 0)
    .orderBy('month_on')
    .execute();
  expect(counted).toEqual(rows);
});

test('growth compares a whole month with a whole month, and one that goes on with as many days', async () => {
  const rows = await t.db.selectFrom('report.sales_growth_months').selectAll().orderBy('month_on').execute();
  expect(rows).toEqual([
    { month_on: '2026-01-01', net_amount: '500.00', earlier_net_amount: null, added_net_amount: null },
    { month_on: '2026-02-01', net_amount: '390.00', earlier_net_amount: '500.00', added_net_amount: '-110.00' },
    // Known to the end of 1 March: beside 1 February alone.
    { month_on: '2026-03-01', net_amount: '10.00', earlier_net_amount: '250.00', added_net_amount: '-240.00' },
  ]);
});

test('a segment wakes up by those who were in it when the month began and ordered in the month', async () => {
  const [a, b, c, d] = people as [number, number, number, number];
  const { id } = await t.owner
    .insertInto('app.segment_rule_sets')
    .values({ code: 'life', name: '生命周期', name_en: 'Life' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sql`
    with made as (
      insert into app.segment_rule_set_versions (rule_set_id, number, state, effective_from, rules)
      values (${id}, 1, 'published', '2025-01-01', '[{"code": "asleep", "name": "沉睡", "name_en": "Asleep", "condition": {}}]')
      returning id
    )
    insert into app.segment_snapshots (rule_set_id, rule_set_version_id, as_of_on, customer_count, computed_at)
    select ${id}, made.id, days.as_of_on, 4, now()
    from made, (values (date '2026-01-20'), (date '2026-03-10')) as days (as_of_on)
  `.execute(t.owner);
  await sql`
    insert into app.segment_memberships (customer_id, rule_set_id, entered_on, left_on, segment_code)
    values (${a}, ${id}, '2026-01-20', '2026-03-01', 'asleep'), (${b}, ${id}, '2026-01-20', null, 'asleep'),
      (${c}, ${id}, '2026-01-20', '2026-02-01', 'asleep'), (${d}, ${id}, '2026-02-02', null, 'asleep')
  `.execute(t.owner);

  const rows = await t.db
    .selectFrom('report.segment_order_months')
    .select(['month_on', 'customer_count', 'buyer_count'])
    .where('segment_code', '=', 'asleep')
    .orderBy('month_on')
    .execute();
  expect(rows).toEqual([
    { month_on: '2026-02-01', customer_count: 2, buyer_count: 1 },
    { month_on: '2026-03-01', customer_count: 2, buyer_count: 1 },
  ]);
});

test('who goes up two tiers in a month is upgraded once, and who is at the top cannot be', async () => {
  const [a, b, c, d] = people as [number, number, number, number];
  await t.owner.deleteFrom('app.tiers').execute();
  const tier = async (code: string, rank: number) =>
    (
      await t.owner
        .insertInto('app.tiers')
        .values({ code, name: code, name_en: code, rank })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
  const [low, mid, top] = [await tier('low', 0), await tier('mid', 1), await tier('top', 2)];
  const stay = (customer: number, tier_id: number, from: string, until: string | null) =>
    sql`insert into app.tier_stays (customer_id, tier_id, entered_at, left_at, reason, fact_kind, fact_id)
      values (${customer}, ${tier_id}, ${from}, ${until}, 'upgrade', 'order', 1)`.execute(t.owner);
  // Half past midnight in the programme's zone is a day later than in UTC.
  await stay(a, low, '2026-01-10T04:00Z', '2026-01-31T16:30Z');
  await stay(a, mid, '2026-01-31T16:30Z', '2026-02-10T04:00Z');
  await stay(a, top, '2026-02-10T04:00Z', null);
  await stay(b, top, '2026-01-10T04:00Z', '2026-02-05T04:00Z');
  await stay(b, low, '2026-02-05T04:00Z', null);
  await stay(c, mid, '2026-01-10T04:00Z', null);
  await stay(d, low, '2026-02-10T04:00Z', null);

  const rows = await t.db
    .selectFrom('report.tier_months')
    .selectAll()
    .where('month_on', '<=', '2026-03-01')
    .orderBy('month_on')
    .execute();
  expect(rows).toEqual([
    { month_on: '2026-02-01', member_count: 3, below_top_count: 2, upgraded_count: 1, downgraded_count: 1 },
    { month_on: '2026-03-01', member_count: 4, below_top_count: 3, upgraded_count: 0, downgraded_count: 0 },
  ]);
});

test('points count on the programme’s day; what is undone counts against its own kind', async () => {
  const [a] = people as [number];
  const entry = (kind: string, from: string, to: string, points: number, at: string, account = 'points') =>
    sql`insert into app.points_entries
      (customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at)
      values (${a}, ${kind}, 'order', 1, 1, ${account}, ${from}, ${to}, ${points}, 'order', 1, ${at})`.execute(t.owner);
  await entry('earn', 'issued', 'pending', 100, '2026-01-01T17:00Z');
  await entry('activate', 'pending', 'available', 100, '2026-01-01T17:00Z');
  await entry('spend', 'reserved', 'spent', 30, '2026-01-03T04:00Z');
  await entry('restore', 'spent', 'available', 10, '2026-01-03T05:00Z');
  await entry('expire', 'available', 'expired', 5, '2026-01-03T05:00Z');
  await entry('reverse', 'available', 'reversed', 7, '2026-01-03T05:00Z');
  await entry('earn', 'issued', 'available', 900, '2026-01-03T05:00Z', 'growth');

  const rows = await t.db.selectFrom('report.points_days').selectAll().orderBy('day').execute();
  expect(rows).toEqual([
    { day: '2026-01-02', issued_points: 100, spent_points: 0, expired_points: 0, reversed_points: 0 },
    { day: '2026-01-03', issued_points: 0, spent_points: 20, expired_points: 5, reversed_points: 7 },
  ]);
});
