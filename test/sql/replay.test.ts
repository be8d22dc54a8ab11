/** The books of the demo's fourteen months, thrown away and made again from the facts alone. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts, settleDay } from '../../api/engine/process.ts';
import { DEMO_AS_OF, DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
}, DEMO_MS);
afterAll(() => t?.close());

/** Each book as a number of rows and a fingerprint of what they say, whatever their ids and when they were written. */
async function books(): Promise<{ [book: string]: string }> {
  const { rows } = await sql<{ book: string; said: string }>`
    with says (book, row) as (
      select 'accounts', row (
        customer_id, pending, available, reserved, spent, expired, reversed, debt, written_off, growth, due_at
      )::text
      from app.points_accounts where book_id = 0
      union all
      select 'lots', row (
        customer_id, origin_kind, origin_id, rule_id, account, earned_at, available_at, expires_at, basis_amount, issued,
        pending, available, reserved, spent, expired, reversed
      )::text
      from app.points_lots where book_id = 0
      union all
      select 'movements', row (
        customer_id, kind, origin_kind, origin_id, rule_id, from_state, to_state, fact_kind, fact_id, redemption_id, sum(points)
      )::text
      from app.points_entries where book_id = 0
      group by customer_id, kind, origin_kind, origin_id, rule_id, from_state, to_state, fact_kind, fact_id, redemption_id
      union all
      select 'decisions', row (customer_id, fact_kind, fact_id, rule_id, outcome, points)::text
      from app.decisions where book_id = 0
      union all
      select 'tiers', row (customer_id, tier_id, entered_at, valid_until_at, grace_until_at)::text
      from app.tier_states where book_id = 0
      union all
      select 'stays', row (customer_id, tier_id, entered_at, left_at, reason, fact_kind, fact_id)::text
      from app.tier_stays where book_id = 0
      union all
      select 'budgets', row (id, amount, reserved, committed, spent, released)::text
      from app.budget_lines
    )
    select book, count(*) || ' ' || md5(string_agg(row, e'\n' order by row collate "C")) as said from says group by book
  `.execute(t.owner);
  return Object.fromEntries(rows.map(({ book, said }) => [book, said]));
}

test('are the same again: accounts, lots, movements, decisions, tiers, what budgets paid', async () => {
  const before = await books();
  expect(Number(before.lots!.split(' ')[0])).toBeGreaterThan(50_000);
  await sql`
    truncate app.inbox, app.points_accounts, app.points_lots, app.points_allocations, app.points_entries, app.decisions,
      app.tier_states, app.tier_stays, app.tier_changes
  `.execute(t.owner);
  await t.owner.deleteFrom('app.budget_postings').where('source_kind', '=', 'points').execute();
  // What single grants hold stays; the rest of each line was for points.
  await sql`
    update app.budget_lines
    set
      reserved = coalesce(held.reserved, 0), committed = coalesce(held.committed, 0), spent = coalesce(held.spent, 0),
      released = coalesce(held.released, 0)
    from app.budget_lines as lines
    left join lateral (
      select
        sum(amount) filter (where to_state = 'reserved') - coalesce(sum(amount) filter (where from_state = 'reserved'), 0) as reserved,
        sum(amount) filter (where to_state = 'committed') - coalesce(sum(amount) filter (where from_state = 'committed'), 0) as committed,
        sum(amount) filter (where to_state = 'spent') - coalesce(sum(amount) filter (where from_state = 'spent'), 0) as spent,
        sum(amount) filter (where to_state = 'released') - coalesce(sum(amount) filter (where from_state = 'released'), 0) as released
      from app.budget_postings
      where lines.id in (segment_line_id, kind_line_id)
    ) as held on true
    where lines.id = budget_lines.id
  `.execute(t.owner);
  await sql`
    insert into app.inbox (customer_id, fact_kind, fact_id)
    select customer_id, fact_kind, fact_id
    from ops.engine_facts((select array_agg(id) from app.customers where id <> 0))
    order by fact_id desc
  `.execute(t.owner);

  const deps = { ...jobDeps(t), resources: new Map() };
  const until_at = `${DEMO_AS_OF} 00:00+08`;
  await processFacts(deps, { until_at });
  await settleDay(deps, { until_at });
  expect(await books()).toEqual(before);
}, 600_000);
