/** What the demo's customers can read of their points: month by month, to the point. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
}, DEMO_MS);
afterAll(() => t?.close());

test('of every customer: what was there and what moved is what is left, up to the balance of the account', async () => {
  const { rows } = await sql`
    with statements as (
      select
        points_statements.*,
        lag(closing) over (partition by customer_id order by month_on) as before,
        row_number() over (partition by customer_id order by month_on desc) as back
      from base.points_statements
    )
    select customer_id, month from statements
    where opening + earned + spent + expired + reversed <> closing
      or opening <> coalesce(before, 0)
    union all
    select coalesce(accounts.customer_id, latest.customer_id), 'balance'
    from (select * from base.points_accounts where balance <> 0) as accounts
    full join (select * from statements where back = 1 and closing <> 0) as latest
      on latest.customer_id = accounts.customer_id
    where accounts.balance is distinct from latest.closing
  `.execute(t.db);
  expect(rows).toEqual([]);
  const { n } = await t.db
    .selectFrom('base.points_statements')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  expect(Number(n)).toBeGreaterThan(1000);
});

test('the calendar of the programme holds what the lots hold', async () => {
  const { rows } = await sql<{ calendar: string; lots: string }>`
    select
      (select coalesce(sum(available + reserved), 0) from report.points_expiries) as calendar,
      (
        select coalesce(sum(available + reserved), 0)
        from base.points_expiries
        where last_on >= (select today_on from base.programme)
      ) as lots
  `.execute(t.db);
  expect(rows[0]!.calendar).toBe(rows[0]!.lots);
});
