/** The demo's benefits: opened, used and done by the routines, with nothing too many. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_AS_OF, DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
}, DEMO_MS);
afterAll(() => t?.close());

async function one<T>(query: ReturnType<typeof sql>): Promise<T> {
  return (await query.execute(t.db)).rows[0] as T;
}

test('cards are granted by the quarter to whoever is in the segment then', async () => {
  const { rows } = await sql<{ period_from: string; holders: number; strangers: number }>`
    select
      period_from,
      count(*)::integer as holders,
      count(*) filter (where not exists (
        select
        from app.segment_memberships
        where segment_memberships.customer_id = benefit_grants.customer_id
          and segment_memberships.segment_code = 'active'
          and segment_memberships.entered_on <= benefit_grants.period_from
          and coalesce(segment_memberships.left_on > benefit_grants.period_from, true)
      ))::integer as strangers
    from app.benefit_grants
    -- Whoever comes into the segment later has it from an automation.
    where benefit_grants.reason = 'period'
    group by period_from
    order by period_from
  `.execute(t.db);
  // On the first day of all nobody has bought twice.
  expect(rows.map((row) => row.period_from)).toEqual(['2025-04-01', '2025-07-01', '2025-10-01', '2026-01-01']);
  for (const { holders, strangers } of rows) {
    expect(holders).toBeGreaterThan(50);
    expect(strangers).toBe(0);
  }
});

test('what is counted is what was used, by those whose it is, on its days', async () => {
  const wrong = await one<{ counts: number; days: number; waiting: number; uses: number }>(sql`
    select
      (
        select count(*)::integer
        from app.benefit_quotas
        where used <> (
          select count(*)
          from app.benefit_uses
          where benefit_uses.customer_id = benefit_quotas.customer_id
            and benefit_uses.benefit_id = benefit_quotas.benefit_id
            and benefit_uses.grant_id = benefit_quotas.grant_id
            and benefit_uses.period_from = benefit_quotas.period_from
            and benefit_uses.status in ('waiting', 'done')
        )
      ) as counts,
      (
        select count(*)::integer
        from app.benefit_uses
        inner join app.benefit_quotas using (customer_id, benefit_id, grant_id, period_from)
        where used_on < usable_from or used_on >= usable_until
      ) as days,
      (select count(*)::integer from app.benefit_uses where status = 'waiting') as waiting,
      (select count(*)::integer from app.benefit_uses) as uses
  `);
  expect(wrong).toMatchObject({ counts: 0, days: 0 });
  expect(wrong.uses).toBeGreaterThan(3_000);
  expect(wrong.waiting).toBeGreaterThan(0);
});

test('nothing is left to be opened for its day', async () => {
  const { rows } = await sql`select kind, record_id from app.benefit_openings where opened_on <> ${DEMO_AS_OF}`.execute(
    t.db,
  );
  expect(rows).toEqual([]);
});
