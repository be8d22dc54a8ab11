import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { DEMO_AS_OF, DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { messageDays, pointsDays } from './day-figures.ts';
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

it('has people who do more than buy, and what earns of it is worked in', async () => {
  const { rows } = await sql<{ kind: string; events: number; decided: number }>`
    select
      events.kind,
      count(*)::integer as events,
      count(*) filter (where exists (
        select
        from app.decisions
        where decisions.book_id = 0
          and decisions.customer_id = events.customer_id
          and decisions.fact_kind = events.kind
          and decisions.fact_id = events.id
      ))::integer as decided
    from app.events
    group by events.kind
  `.execute(t.db);
  const of = (kind: string) => rows.find((row) => row.kind === kind)!;
  expect(rows.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(50_000);
  const { sold, paid } = (
    await sql<{ sold: number; paid: number }>`
      select
        (select count(*) from app.share_sales)::integer as sold,
        (
          select count(distinct points_lots.origin_id)
          from app.points_lots
          inner join app.earn_rules on earn_rules.id = points_lots.rule_id
          where points_lots.book_id = 0 and points_lots.origin_kind = 'share' and earn_rules.code = 'share_sold'
        )::integer as paid
    `.execute(t.db)
  ).rows[0]!;
  for (const kind of ['check_in', 'review', 'share']) {
    expect(of(kind).events).toBeGreaterThan(400);
    // A share that led to nothing is nothing that a rule gives for.
    expect(of(kind).decided, kind).toBe(kind === 'share' ? paid : of(kind).events);
  }
  expect(of('page_view').decided).toBe(0);
  expect(sold).toBeGreaterThan(50);
  expect(paid).toBeGreaterThan(sold * 0.9);
});

it('has a handful who joined twice', async () => {
  const { rows } = await sql<{ reasons: string[] }>`
    select reasons from base.duplicate_customers where customer_id < other_id
  `.execute(t.db);
  expect(rows.length).toBeGreaterThanOrEqual(9);
  expect(rows.length).toBeLessThan(60);
  expect(new Set(rows.flatMap((row) => row.reasons))).toEqual(new Set(['phone', 'email', 'name_birthday']));
});

it('has its points and messages added to their days, and they say what the facts say', async () => {
  const points = await pointsDays(t.owner);
  expect(points.view.length).toBeGreaterThan(300);
  expect(points.view).toEqual(points.facts);
  const messages = await messageDays(t.owner);
  expect(messages.view.length).toBeGreaterThan(100);
  expect(messages.view).toEqual(messages.facts);
  const waiting = await sql<{ waiting: number }>`
    select (select count(*) from app.points_day_changes) + (select count(*) from app.message_day_changes) as waiting
  `.execute(t.db);
  expect(waiting.rows).toEqual([{ waiting: 0 }]);
});

it('has reports that read the days they show, not the history, and say what the facts say', async () => {
  // What makes ranges of blocks known, and how the days are spread; otherwise done by and by.
  for (const table of [
    ...['automation_runs', 'automation_steps', 'benefit_grants', 'benefit_quotas', 'community_members', 'orders'],
    // What was added up leaves room behind.
    ...['message_day', 'message_day_changes', 'points_day', 'points_day_changes', 'task_progress'],
  ])
    await sql`vacuum analyze ${sql.id('app', table)}`.execute(t.owner);
  const blocks = async (view: string, day: string, since: string) => {
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { [name: string]: number } }] }>`
      explain (analyze, buffers, format json)
      select * from ${sql.id('report', view)} where ${sql.id(day)} >= ${sql.lit(since)}::date
    `.execute(t.db);
    const plan = rows[0]!['QUERY PLAN'][0].Plan;
    return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
  };
  const shares: { [view: string]: boolean } = {};
  for (const [view, day] of [
    ['automation_days', 'entered_on'],
    ['automation_step_days', 'done_on'],
    ['benefit_months', 'month_on'],
    ['community_days', 'day'],
    ['task_months', 'month_on'],
  ] as const) {
    // A whole month and what there is of the next; the demo has fourteen.
    const [month, all] = [await blocks(view, day, '2026-02-01'), await blocks(view, day, '2000-01-01')];
    shares[view] = month < all / 2;
  }
  expect(Object.entries(shares).filter(([, few]) => !few)).toEqual([]);
  const tasks = await sql`
    select
      date_trunc('month', started_at at time zone time_zone)::date as month_on, code as task_code, count(*) as begun_count,
      count(distinct customer_id) as customer_count
    from app.task_progress cross join app.settings inner join app.tasks on tasks.id = task_id
    group by 1, 2 order by 1, 2`.execute(t.db);
  const told = await t.db
    .selectFrom('report.task_months')
    .select(['month_on', 'task_code', 'begun_count', 'customer_count'])
    .orderBy('month_on')
    .orderBy('task_code')
    .execute();
  expect(told).toEqual(tasks.rows);
  // Of these there is a rollup, a few blocks itself.
  expect(await blocks('points_days', 'day', '2026-02-01')).toBeLessThan(20);
  expect(await blocks('message_days', 'queued_on', '2026-02-01')).toBeLessThan(20);
});

it('has reviews and shares that are counted once each, and competitors with one score that counts', async () => {
  expect(
    await breaking(sql`
      select counted.kind
      from (
        select 'review' as kind, sum(review_count) as counted from report.review_days
        union all select 'share', sum(share_count) from report.share_days
        union all select 'share', count(*) from report.shares
        union all select 'review', count(*) from report.reviews
      ) as counted
      where counted.counted <> (select count(*) from app.events where events.kind = counted.kind)
    `),
  ).toEqual([]);
  expect(
    await breaking(sql`
      select reviewed_on, channel
      from report.review_days
      where top_two_count + low_count > rated_count
        or rated_count > review_count
        or rating_sum not between rated_count and 5 * rated_count
    `),
  ).toEqual([]);
  expect(await breaking(sql`select shared_on from report.share_days where led_count > share_count`)).toEqual([]);
  const [scored] = (
    await sql<{ pairs: number; counting: number; unnamed: number }>`
      select
        count(distinct (competitor_id, dimension_id)) as pairs,
        count(*) filter (where current) as counting,
        count(*) filter (where entered_by is null) as unnamed
      from base.benchmark_observations
    `.execute(t.db)
  ).rows;
  expect(scored!.pairs).toBeGreaterThan(14);
  expect(scored).toEqual({ pairs: scored!.pairs, counting: scored!.pairs, unnamed: 0 });
});
