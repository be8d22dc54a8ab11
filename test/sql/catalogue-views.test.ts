/** Views of the catalogue that read facts as they are: tiers between days, traits, hours, the use of points, the state of the data. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
const people: number[] = [];
beforeAll(async () => {
  t = await testDatabase();
  for (let at = 0; at < 12; at++) {
    const { id } = await t.db
      .insertInto('app.customers')
      .values({
        ...{ external_id: `c${at}`, enrolled_on: '2026-01-01', channel: at < 5 ? 'store' : 'online' },
        // Five women and four men of one age; three who say nothing.
        ...(at < 5 ? { gender: 'female', birth_on: '1990-01-01', city: '上海市' } : {}),
        ...(at >= 5 && at < 9 ? { gender: 'male', birth_on: '1990-01-01', province: '北京' } : {}),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    people.push(id);
  }
});
afterAll(() => t?.close());

async function order(
  customer: number,
  at: string,
  { amount = 10, status = 'paid', channel = 'online' } = {},
): Promise<void> {
  const { rows } = await sql<{
    day: string;
  }>`select (${at}::timestamptz at time zone 'Asia/Shanghai')::date as day`.execute(t.db);
  await t.db
    .insertInto('app.orders')
    .values({
      ...{ customer_id: people[customer]!, source: 't', external_id: `${customer} ${at}`, status, channel, amount },
      ...{ placed_at: at, placed_on: rows[0]!.day },
    })
    .execute();
  await sql`select ops.mark_dirty('orders', array[${rows[0]!.day}]::date[])`.execute(t.db);
}

test('an order counts on the weekday and at the hour of the programme; cancelled ones do not', async () => {
  // 23:30 UTC on Sunday is half past seven on Monday in Shanghai.
  await order(0, '2026-01-04T23:30:00Z', { amount: 30 });
  await order(1, '2026-01-04T23:59:59Z', { amount: 5 });
  await order(2, '2026-01-05T00:00:00Z', { channel: 'store' });
  await order(3, '2026-01-05T00:00:00Z', { status: 'cancelled' });
  const rows = await t.db.selectFrom('report.order_hours').selectAll().orderBy('hour').execute();
  expect(rows).toEqual([
    { day: '2026-01-05', weekday: 1, hour: 7, channel: 'online', order_count: 2, gross_amount: '35.00' },
    { day: '2026-01-05', weekday: 1, hour: 8, channel: 'store', order_count: 1, gross_amount: '10.00' },
  ]);
});

test('traits that fewer than five share are not shown; a municipality is a city', async () => {
  const of = async (trait: string) =>
    (
      await t.db.selectFrom('report.customer_personas').selectAll().where('trait', '=', trait).orderBy('code').execute()
    ).map(({ code, other_code, customer_count }) => [code, other_code, customer_count]);
  expect(await of('gender')).toEqual([['female', null, 5]]);
  expect(await of('age')).toEqual([['35_44', null, 9]]);
  expect(await of('age_gender')).toEqual([['35_44', 'female', 5]]);
  expect(await of('city_tier')).toEqual([['first', null, 9]]);
  expect(await of('channel')).toEqual([
    ['online', null, 7],
    ['store', null, 5],
  ]);
  // Whoever was merged or has gone is nobody.
  await t.db.updateTable('app.customers').set({ status: 'blocked' }).where('id', '=', people[0]!).execute();
  expect(await of('gender')).toEqual([['female', null, 5]]);
  await t.owner.updateTable('app.customers').set({ status: 'anonymised' }).where('id', '=', people[0]!).execute();
  expect(await of('gender')).toEqual([]);
  await t.owner.updateTable('app.customers').set({ status: 'active' }).where('id', '=', people[0]!).execute();
});

test('whoever has their birthday today has reached the age, and on the next day it would be too early', async () => {
  const before = await t.db.selectFrom('app.customers').select(['id', 'birth_on']).execute();
  const band = async (days: number) => {
    await sql`
      update app.customers set birth_on = (programme.today_on - interval '25 years')::date + ${days}::integer from base.programme
    `.execute(t.owner);
    const rows = await t.db
      .selectFrom('report.customer_personas')
      .select(['code', 'customer_count'])
      .where('trait', '=', 'age')
      .execute();
    return rows.map(({ code }) => code);
  };
  expect([await band(0), await band(1)]).toEqual([['25_34'], ['18_24']]);
  for (const { id, birth_on } of before)
    await t.owner.updateTable('app.customers').set({ birth_on }).where('id', '=', id).execute();
});

test('a stay in a tier begins and ends on the programme’s days; trials of rules are none', async () => {
  await t.owner.deleteFrom('app.tiers').execute();
  const { id } = await t.owner
    .insertInto('app.tiers')
    .values({ code: 'gold', name: '金卡', name_en: 'Gold', rank: 3 })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const book of [0, 7])
    await sql`
      insert into app.tier_stays (book_id, customer_id, tier_id, entered_at, left_at, reason, fact_kind, fact_id)
      values (${book}, ${people[0]!}, ${id}, '2026-01-31T16:30Z', '2026-02-10T15:59Z', 'upgrade', 'order', 1)
    `.execute(t.owner);
  expect(await t.db.selectFrom('report.tier_memberships').selectAll().execute()).toEqual([
    {
      ...{ customer_id: people[0], tier_code: 'gold', tier_name: '金卡', tier_name_en: 'Gold', tier_rank: 3 },
      ...{ entered_on: '2026-02-01', left_on: '2026-02-10', reason: 'upgrade' },
    },
  ]);
});

test('buyers who redeemed points in a month stand beside those who did not, with what the month after brought', async () => {
  await order(0, '2026-02-10T04:00:00Z', { amount: 100 });
  await order(1, '2026-01-20T04:00:00Z', { amount: 7 });
  await order(4, '2026-03-02T04:00:00Z', { amount: 1 });
  await sql`select ops.refresh_rollups()`.execute(t.db);
  for (const [customer, status] of [
    [0, 'confirmed'],
    [1, 'cancelled'],
  ] as const) {
    await sql`
      insert into app.redemptions (customer_id, source, external_id, points, purpose, status, reserved_at, confirmed_at, cancelled_at)
      values (${people[customer]!}, 't', ${String(customer)}, 10, 'x', ${status}, '2026-01-31T15:00Z', '2026-01-31T15:59Z',
        case when ${status} = 'cancelled' then '2026-01-31T16:30Z'::timestamptz end)
    `.execute(t.owner);
  }
  const rows = await t.db
    .selectFrom('report.points_effect_months')
    .selectAll()
    .orderBy('month_on')
    .orderBy('used')
    .execute();
  expect(rows).toEqual(
    [
      // Of the other buyers of January nobody came back; what was redeemed and given back is not used.
      {
        month_on: '2026-01-01',
        used: false,
        mature: true,
        buyer_count: 2,
        returned_count: 0,
        net_amount: '22.00',
        next_net_amount: '0.00',
      },
      {
        month_on: '2026-01-01',
        used: true,
        mature: true,
        buyer_count: 1,
        returned_count: 1,
        net_amount: '30.00',
        next_net_amount: '100.00',
      },
      {
        month_on: '2026-02-01',
        used: false,
        mature: false,
        buyer_count: 1,
        returned_count: 0,
        net_amount: '100.00',
        next_net_amount: '0.00',
      },
      {
        month_on: '2026-03-01',
        used: false,
        mature: false,
        buyer_count: 1,
        returned_count: 0,
        net_amount: '1.00',
        next_net_amount: '0.00',
      },
    ].map(({ next_net_amount, ...row }) => ({
      ...row,
      next_net_amount: expect.stringMatching(new RegExp(`^${Number(next_net_amount)}(\\.00)?$`)),
    })),
  );
  // Whoever bought in a month is in one of its two groups.
  const { rows: buyers } = await sql<{ month_on: string; buyers: number }>`
    select starts_on as month_on, buyer_count as buyers from app.order_period where grain = 'month' order by 1
  `.execute(t.owner);
  for (const { month_on, buyers: all } of buyers) {
    const groups = rows.filter((row) => row.month_on === month_on);
    expect(groups.reduce((sum, { buyer_count }) => sum + buyer_count!, 0)).toBe(Number(all));
  }
});

test('each check counts what it names, and is fine without', async () => {
  const findings = async () =>
    Object.fromEntries(
      (await t.db.selectFrom('report.quality_checks').select(['code', 'finding_count', 'status']).execute()).map(
        ({ code, finding_count, status }) => [code, status === 'fine' ? 0 : finding_count],
      ),
    );
  const before = await findings();
  expect(before).toMatchObject({
    waiting_days: 0,
    waiting_returns: 0,
    duplicates: 0,
    refused_rows: 0,
    failed_jobs: 0,
    stale_days: 0,
  });

  await sql`select ops.mark_dirty('orders', array['2026-01-01', '2026-01-01', '2026-01-02']::date[])`.execute(t.db);
  for (const [at, phone] of ['13800000001', '+86 138 0000 0001', '138-0000-0001', '13900000002'].entries())
    await t.db.updateTable('app.customers').set({ phone }).where('id', '=', people[at]!).execute();
  await sql`
    insert into app.imports (resource, file_name, state, wrong_count, created_count, created_at)
    values ('orders', 'a.csv', 'done', 3, 7, now()), ('orders', 'b.csv', 'checked', 50, 0, now()),
      ('orders', 'c.csv', 'done', 9, 0, now() - interval '40 days')
  `.execute(t.owner);
  await sql`
    insert into app.job_runs (job, as_of_on, state, worker)
    values ('x', '2026-01-01', 'failed', 'w'), ('x', '2026-01-02', 'done', 'w'), ('y', '2026-01-02', 'failed', 'w')
  `.execute(t.owner);
  await sql`
    insert into app.rfm_snapshots (as_of_on, customer_count, recency_cuts, frequency_cuts, monetary_cuts, stale)
    values ('2026-01-01', 1, '{}', '{}', '{}', true)
  `.execute(t.owner);
  await sql`
    insert into app.waiting_returns (source, external_id, return_id, order_external_id, returned_at)
    values ('t', 'r', 1, 'nowhere', now())
  `.execute(t.owner);
  expect(await findings()).toMatchObject({
    ...{ waiting_days: 2, waiting_returns: 1, duplicates: 2, refused_rows: 3, failed_jobs: 1, stale_days: 1 },
  });
  const imports = await t.db
    .selectFrom('report.import_days')
    .select(['resource', 'row_count', 'refused_count'])
    .orderBy('day')
    .execute();
  expect(imports).toEqual([
    { resource: 'orders', row_count: 9, refused_count: 9 },
    { resource: 'orders', row_count: 10, refused_count: 3 },
  ]);
});
