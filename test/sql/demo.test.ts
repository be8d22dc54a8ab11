import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { DEMO_AS_OF, DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
}, DEMO_MS);
afterAll(() => t?.close());

/** The rows that break a rule; none should. */
async function breaking(query: ReturnType<typeof sql>): Promise<unknown[]> {
  return (await query.execute(t.db)).rows.slice(0, 3);
}

it('is the size the product promises, up to its day', async () => {
  const found = await sql<{ customers: number; orders: number; products: number; last: string; users: number }>`
    select
      (select count(*) from app.customers where status <> 'anonymous') as customers,
      (select count(*) from app.orders) as orders,
      (select count(*) from app.products) as products,
      (select max(placed_on) from app.orders) as last,
      (select count(*) from app.users) as users
  `.execute(t.db);
  const { customers, orders, products, last, users } = found.rows[0]!;

  expect({ customers, products, users }).toEqual({ customers: 5_000, products: 80, users: 7 });
  expect(orders).toBeGreaterThan(58_000);
  expect(orders).toBeLessThan(64_000);
  expect(last < DEMO_AS_OF).toBe(true);
});

it('has customers who order as people do: the busiest about once a week', async () => {
  const found = await sql<{ most: number; buyers: number }>`
    select max(counted.orders) as most, count(*) as buyers
    from (select count(*)::integer as orders from app.orders group by orders.customer_id) as counted
  `.execute(t.db);
  const { most, buyers } = found.rows[0]!;

  expect(most).toBeGreaterThan(45);
  expect(most).toBeLessThan(90);
  expect(buyers).toBeGreaterThan(4_000);
});

it('has every customer in exactly one segment on every computed day', async () => {
  expect(
    await breaking(sql`
      select segment_snapshots.as_of_on
      from app.segment_snapshots
      where segment_snapshots.customer_count <> (
        select sum(segment_day.customer_count)
        from app.segment_day
        where segment_day.rule_set_id = segment_snapshots.rule_set_id
          and segment_day.as_of_on = segment_snapshots.as_of_on
      )
      or segment_snapshots.customer_count <> (
        select count(*)
        from app.segment_memberships
        where segment_memberships.rule_set_id = segment_snapshots.rule_set_id
          and segment_memberships.entered_on <= segment_snapshots.as_of_on
          and (segment_memberships.left_on > segment_snapshots.as_of_on or segment_memberships.left_on is null)
      )
    `),
  ).toEqual([]);
});

it('has no two stays of a customer that overlap, or that touch and are the same', async () => {
  expect(
    await breaking(sql`
      select earlier.customer_id, earlier.entered_on
      from app.segment_memberships as earlier
      inner join app.segment_memberships as later
        on later.customer_id = earlier.customer_id
        and later.rule_set_id = earlier.rule_set_id
        and later.entered_on > earlier.entered_on
      where coalesce(earlier.left_on > later.entered_on, true)
        or (earlier.left_on = later.entered_on and earlier.segment_code = later.segment_code)
    `),
  ).toEqual([]);
});

it('scores every buyer, and the cells cover them', async () => {
  expect(
    await breaking(sql`
      select rfm_snapshots.as_of_on
      from app.rfm_snapshots
      where rfm_snapshots.customer_count <> (
        select sum(rfm_day.customer_count) from app.rfm_day where rfm_day.as_of_on = rfm_snapshots.as_of_on
      )
      union all
      select rfm_snapshots.as_of_on
      from app.rfm_snapshots
      where rfm_snapshots.as_of_on = (select max(as_of_on) from app.rfm_snapshots)
        and rfm_snapshots.customer_count <> (select count(*) from app.customer_rfm)
    `),
  ).toEqual([]);
});

it('has orders that are the sum of their lines, and returns no larger than their order', async () => {
  expect(
    await breaking(sql`
      select orders.id
      from app.orders
      left join (
        select order_lines.order_id, sum(order_lines.amount) as amount from app.order_lines group by order_lines.order_id
      ) as lines on lines.order_id = orders.id
      where orders.amount + orders.discount_amount is distinct from lines.amount
        or orders.returned_amount > orders.amount
        or orders.returned_amount <> coalesce(
          (select sum(returns.amount) from app.returns where returns.customer_id = orders.customer_id and returns.order_id = orders.id), 0)
    `),
  ).toEqual([]);
});

it('has rollups that the facts give: marking every day again changes nothing', async () => {
  await sql`select ops.mark_dirty('orders', array(select distinct placed_on from app.orders))`.execute(t.db);
  await sql`select ops.mark_dirty('returns', array(select distinct returned_on from app.returns))`.execute(t.db);

  expect(await runJob(jobDeps(t), 'refresh_rollups', DEMO_AS_OF)).toMatchObject({ state: 'done', rows_written: 0 });
});

it('has jobs that find nothing left to do for its day', async () => {
  expect(await runJob(jobDeps(t), 'rfm_scores', DEMO_AS_OF)).toMatchObject({ state: 'done', rows_written: 0 });
  expect(await runJob(jobDeps(t), 'segment_snapshot', DEMO_AS_OF)).toMatchObject({ state: 'done', rows_written: 0 });
});

it('has people whose numbers nobody has', async () => {
  const odd = await t.db
    .selectFrom('app.customers')
    .select(['phone', 'email'])
    .where('id', '<>', 0)
    .where((eb) =>
      eb.not(
        eb.and([
          eb('phone', '~', '^1[3-9][0-9]0[0-9]{7}$'),
          eb.or([eb('email', 'is', null), eb('email', '~', '@mail\\.example$')]),
        ]),
      ),
    )
    .execute();
  expect(odd).toEqual([]);
});

it('has points as the engine gave them: every fact worked in, every account the sum of its movements', async () => {
  const { waiting } = await t.db
    .selectFrom('app.inbox')
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  expect(waiting).toBe(0);
  const { accounts, growth } = await t.db
    .selectFrom('app.points_accounts')
    .select(({ fn }) => [fn.countAll<number>().as('accounts'), fn.sum<number>('growth').as('growth')])
    .executeTakeFirstOrThrow();
  expect(accounts).toBe(5_000);
  expect(Number(growth)).toBeGreaterThan(1_000_000);
  expect(
    await breaking(sql`
      select points_accounts.customer_id
      from app.points_accounts
      left join (
        select
          points_entries.customer_id,
          sum(points_entries.points * (
            (points_entries.to_state = 'available')::integer - (points_entries.from_state = 'available')::integer
          )) as available
        from app.points_entries
        where points_entries.account = 'points'
        group by points_entries.customer_id
      ) as moved
        on moved.customer_id = points_accounts.customer_id
      where points_accounts.available <> coalesce(moved.available, 0)
    `),
  ).toEqual([]);
});

it('has a budget whose figures are those of its points, within its limits', async () => {
  await (await budgets(t)).addUp();
  const { rows } = await sql<{ used: string; refused: number }>`
    select
      (select used_rate from base.budgets where code = 'programme_year') as used,
      (select count(*) from app.decisions where book_id = 0 and outcome = 'refused') as refused
  `.execute(t.db);
  expect(Number(rows[0]!.used)).toBeGreaterThan(0.2);
  expect(rows[0]!.refused).toBe(0);
});
