/**
 * Two customers who are one person: whatever was told of either, in whatever order, and whenever somebody notices, the books
 * are those of one who did it all; the other's ledger ends at nothing without a row of it being altered.
 */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { benefitProgramme } from './benefits.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';
import { addsUp, books, date, entries, inTime, shuffled, story, tell } from './points-stories.ts';
import { jobDeps } from './segments.ts';

const END = '2026-07-01 00:00+08';
let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let b: Awaited<ReturnType<typeof budgets>>;
beforeAll(async () => {
  t = await testDatabase();
  await t.db.updateTable('app.points_policies').set({ expiry_months: 1, reinstate_days: 7 }).execute();
  p = await programme(t, { shortfall: 'go_negative' });
  await t.db.insertInto('app.segment_rule_sets').values({ code: 'lifecycle', name: 'x', name_en: 'x' }).execute();
  b = await budgets(t);
  const budget_id = await b.budget({}, { other: 10_000_000 });
  await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1', budget_id, pending_days: 5 });
  await p.rule({ code: 'welcome', trigger: 'sign_up', effect: 'fixed', points: 100 });
  await p.rule({ code: 'first', effect: 'fixed', points: 50, condition: { first_order: { eq: true } } });
  await p.rule({ code: 'growth', account: 'growth', effect: 'per_amount', points: 2, per_amount: '1' });
  await p.rule({
    code: 'check_in',
    trigger: 'check_in',
    effect: 'fixed',
    points: 30,
    max_per_day: 40,
    max_per_customer: 90,
  });
  await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  await p.tier({
    ...{ code: 'silver', rank: 1, window_days: 20, enter_at: '100', retain_at: '60', point_multiplier: '1.5' },
    ...{ validity_kind: 'months', validity_months: 1, grace_days: 5 },
  });
});
afterAll(() => t?.close());

const ledger = async (customer: number) =>
  (
    await sql<{
      row: unknown;
    }>`select to_jsonb(points_entries) as row from app.points_entries where customer_id = ${customer} and book_id = 0 order by id`.execute(
      t.db,
    )
  ).rows.map(({ row }) => row);
/** Every lot that the customer ever had has gone back to where it came from. */
async function isClosed(customer: number): Promise<void> {
  const left = await sql`
    select origin_kind, origin_id, rule_id, state, sum(points)
    from (
      select origin_kind, origin_id, rule_id, to_state as state, points from app.points_entries where book_id = 0 and customer_id = ${customer}
      union all
      select origin_kind, origin_id, rule_id, from_state, -points from app.points_entries where book_id = 0 and customer_id = ${customer}
    ) as sides group by 1, 2, 3, 4 having sum(points) <> 0`.execute(t.db);
  expect(left.rows).toEqual([]);
  const { account, tier, stays, lots, allocations } = await books(t, customer);
  expect({ tier: tier?.tier_id ?? null, stays, lots, allocations }).toEqual({
    ...{ tier: null, stays: [], lots: [], allocations: [] },
  });
  expect(Object.values(account ?? {}).every((value) => value === 0 || value === null)).toBe(true);
}

test('told of two, in any order, and merged at any time: the books of one', { timeout: 300_000 }, async () => {
  const deps = { ...jobDeps(t), resources: new Map() };
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      story,
      fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }).filter((apart) => apart.includes(true)),
      fc.nat(14),
      async ({ facts, keys, runs, midnights }, apart, when) => {
        const mark = `${++told}`;
        const straight = await tell(t, p, facts, mark);
        const two = await tell(t, p, facts, mark, apart);
        for (const at of inTime(facts)) await straight.say(at);
        await p.work();
        let said = 0;
        let before: unknown[] | null = null;
        const merge = async () => {
          before = await ledger(two.other);
          await two.merge();
        };
        for (const at of shuffled(facts, keys)) {
          if (said === when) await merge();
          await two.say(at);
          said++;
          if (said % runs[said % runs.length]! === 0) await p.work();
          const midnight = midnights[said % midnights.length];
          if (midnight != null) await settleDay(deps, { until_at: `${date(midnight)} 00:00+08` });
        }
        if (before === null) await merge();
        await p.work();
        await settleDay(deps, { until_at: END });
        expect(await books(t, two.customer)).toEqual(await books(t, straight.customer));
        for (const { customer } of [straight, two]) await addsUp(t, customer);
        await isClosed(two.other);
        expect((await ledger(two.other)).slice(0, before!.length)).toEqual(before);
        await b.addUp();

        // Worked in again, nothing is booked to either.
        const counts = [await entries(t, two.customer), await entries(t, two.other)];
        await t.db
          .insertInto('app.inbox')
          .values(
            [two.customer, two.other].map((customer_id) => ({
              customer_id,
              fact_kind: 'sign_up',
              fact_id: customer_id,
              again: true,
            })),
          )
          .execute();
        await p.work();
        expect([await entries(t, two.customer), await entries(t, two.other)]).toEqual(counts);
        await isClosed(two.other);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 15), seed: 11, endOnFailure: true },
  );
});

test('every table of customers is handed over, or follows from what is', async () => {
  const { rows } = await sql<{ name: string }>`
    select pg_class.relname as name from pg_class
    where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relispartition and relpersistence = 'p'
      and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'customer_id')
      -- Some go along by the key of what they belong to.
      and not exists (
        select from pg_constraint
        inner join pg_attribute on attrelid = conrelid and attnum = any (conkey) and attname = 'customer_id'
        where conrelid = pg_class.oid and contype = 'f' and confupdtype = 'c')
    order by 1`.execute(t.owner);
  const { rows: routines } = await sql<{ body: string }>`
    select prosrc as body from pg_proc where pronamespace = 'ops'::regnamespace and proname like 'merge\\_%' and proname <> 'merge_figures'`.execute(
    t.owner,
  );
  const handed = routines.map(({ body }) => body).join('\n');
  // Rollups and histories of days, which jobs make from the facts, and what only grows and says whose it was then.
  const follow = [
    ...['budget_postings', 'customer_day', 'customer_rfm', 'customer_start', 'customer_totals', 'erased_codes'],
    ...['outside_tag_states', 'segment_memberships', 'tier_changes', 'trial_customers'],
  ];
  const missing = rows
    .map(({ name }) => name)
    .filter((name) => !follow.includes(name) && !handed.includes(`app.${name}`));
  expect(missing).toEqual([]);
});

test('what a budget gave stays given on the same lines, and what it refused stays refused', async () => {
  const budget_id = await b.budget({}, { other: 301 });
  const rule = await p.rule({ code: 'scarce', trigger: 'review', effect: 'fixed', points: 100, budget_id });
  try {
    const [first, second, third, fourth] = [
      await p.customer(),
      await p.customer(),
      await p.customer(),
      await p.customer(),
    ];
    for (const customer of [first, second]) {
      await p.event(customer, { at: '2026-03-01', kind: 'review', rating: 5 });
      await p.work();
    }
    const lines = () => b.lines(budget_id);
    const before = await lines();
    const balance = async (customer: number) => (await p.account(customer))?.available;
    expect([await balance(first), await balance(second)]).toEqual([100, 0]);
    // There is room again for the one who was refused.
    await sql`update app.budget_lines set amount = amount + 100 where budget_id = ${budget_id}`.execute(t.owner);
    for (const [survivor, other] of [
      [third, first],
      [fourth, second],
    ] as const) {
      await sql`select ops.merge_customers(${survivor}, ${other}, null, 'test')`.execute(t.db);
      await p.work();
    }
    expect([await balance(third), await balance(fourth)]).toEqual([100, 0]);
    expect((await lines()).map(({ amount: _, ...line }) => line)).toEqual(before.map(({ amount: _, ...line }) => line));
    await b.addUp();
  } finally {
    await t.db
      .deleteFrom('app.programme_versions')
      .where('record_id', '=', rule)
      .execute()
      .catch(() => undefined);
  }
});

test('uses of one benefit in one period count together, one card is held once, nothing is used twice over', async () => {
  const one = benefitProgramme(t);
  const gift = await one.benefit({ quota: 3, quota_period: 'month' });
  const wash = await one.benefit({ by_package_only: true });
  const card = await one.package([[wash, 2]], { grant_kind: 'manual', period: 'quarter' });
  const [survivor, other] = [await one.customer(), await one.customer()];
  await one.day('2026-03-01');
  const use = async (customer: number, times: number) => {
    await sql`update app.benefit_quotas set used = ${times} where customer_id = ${customer} and benefit_id = ${gift}`.execute(
      t.owner,
    );
  };
  await use(survivor, 2);
  await use(other, 2);
  for (const customer of [survivor, other])
    await sql`select ops.grant_package(${card}::bigint, '2026-03-01 12:00+08', 'manual', null, array[${customer}]::bigint[], null, null)`.execute(
      t.db,
    );
  await sql`select ops.merge_customers(${survivor}, ${other}, null, 'test')`.execute(t.db);
  const left = await sql`
    select benefit_id, quota, carried_over, used from app.benefit_quotas where customer_id in (${survivor}, ${other}) and benefit_id = ${gift}`.execute(
    t.db,
  );
  expect(left.rows).toEqual([{ benefit_id: gift, quota: 3, carried_over: 1, used: 4 }]);
  const cards = await t.db.selectFrom('app.benefit_grants').select('id').where('customer_id', '=', survivor).execute();
  expect(cards).toHaveLength(1);
});

test('figures by day move with the orders, and are what they would have been', async () => {
  const [one, two, straight] = [await p.customer(), await p.customer(), await p.customer()];
  const rollups = () => sql`select ops.refresh_rollups()`.execute(t.db);
  for (const [customer, at] of [
    [one, '2026-01-05'],
    [two, '2026-01-07'],
    [two, '2026-01-05'],
    [straight, '2026-01-05'],
    [straight, '2026-01-05'],
    [straight, '2026-01-07'],
  ] as const) {
    const order = await p.order(customer, { at, amount: '50.00' });
    if (at === '2026-01-07') await p.refund(order, { at: '2026-01-09', amount: '20.00' });
  }
  await rollups();
  await sql`select ops.merge_customers(${one}, ${two}, null, 'test')`.execute(t.db);
  await rollups();
  const figures = async (customer: number) =>
    Promise.all(
      ['customer_day', 'customer_start'].map(async (table) => {
        const { rows } =
          await sql`select to_jsonb(each) - 'customer_id' as row from ${sql.table(`app.${table}`)} as each where customer_id = ${customer} order by 1`.execute(
            t.db,
          );
        return rows;
      }),
    );
  expect(await figures(one)).toEqual(await figures(straight));
  expect(await figures(two)).toEqual([[], []]);
});

test('what one bought by the other’s link was no sale; what others sold to them is still sold', async () => {
  const [one, two, third] = [await p.customer(), await p.customer(), await p.customer()];
  const own = await p.order(one, { at: '2026-03-01', amount: '50.00' });
  const theirs = await p.order(two, { at: '2026-03-01', amount: '50.00' });
  await p.event(two, { at: '2026-03-01', kind: 'share', order_id: own.id });
  const sold = await p.event(third, { at: '2026-03-01', kind: 'share', order_id: theirs.id });
  const bought = await p.event(two, {
    at: '2026-03-02',
    kind: 'share',
    order_id: (await p.order(third, { at: '2026-03-01', amount: '9.00' })).id,
  });
  await sql`select ops.merge_customers(${one}, ${two}, null, 'test')`.execute(t.db);
  const left = await t.db
    .selectFrom('app.share_sales')
    .select(['customer_id', 'event_id', 'buyer_id'])
    .where('customer_id', 'in', [one, two, third])
    .orderBy('event_id')
    .execute();
  expect(left).toEqual([
    { customer_id: third, event_id: sold.id, buyer_id: one },
    { customer_id: one, event_id: bought.id, buyer_id: third },
  ]);
  await p.work();
  for (const customer of [one, third]) await addsUp(t, customer);
});
