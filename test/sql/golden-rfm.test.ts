import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyDefaults } from '../../api/default-programme.ts';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { GOLDEN, loadRfmOrders } from './golden-files.ts';
import { jobDeps } from './segments.ts';

const AS_OF = '2006-12-31';

describe.skipIf(!GOLDEN)('RFM quintiles of the orders of the R package rfm', () => {
  let t: TestDatabase;
  beforeAll(async () => {
    t = await testDatabase();
    await t.owner.transaction().execute(applyDefaults);
    await loadRfmOrders(t);
    await runJob(jobDeps(t), 'refresh_rollups', AS_OF);
    expect(await runJob(jobDeps(t), 'rfm_scores', AS_OF)).toMatchObject({ state: 'done' });
  }, 60_000);
  afterAll(() => t?.close());

  it('have the published cut points', async () => {
    const row = await t.db
      .selectFrom('app.rfm_snapshots')
      .select(['customer_count', 'recency_cuts', 'frequency_cuts', 'monetary_cuts'])
      .where('as_of_on', '=', AS_OF)
      .executeTakeFirstOrThrow();
    const numbers = (cuts: readonly string[]) => cuts.map(Number);

    expect(row.customer_count).toBe(995);
    expect(numbers(row.recency_cuts as unknown as string[])).toEqual([115, 181, 297.4, 482]);
    expect(numbers(row.frequency_cuts as unknown as string[])).toEqual([4, 5, 6, 8]);
    expect(numbers(row.monetary_cuts as unknown as string[])).toEqual([255.8, 382, 506.4, 666]);
  });

  it('give the published groups row for row, in the report', async () => {
    const groups = await sql<{ row: string }>`
      select concat_ws(
        ' · ', rfm_cells.rfm_group_name_en, sum(rfm_cells.customer_count), sum(rfm_cells.order_count),
        sum(rfm_cells.net_amount)::integer
      ) as row
      from report.rfm_cells
      where rfm_cells.latest
      group by rfm_cells.rfm_group_name_en
      order by rfm_cells.rfm_group_name_en
    `.execute(t.db);

    expect(groups.rows.map(({ row }) => row)).toEqual([
      'About To Sleep · 102 · 283 · 23449',
      'At Risk · 28 · 216 · 22227',
      "Can't Lose Them · 47 · 274 · 32446",
      'Champions · 35 · 316 · 31646',
      'Lost · 148 · 393 · 35324',
      'Loyal Customers · 170 · 799 · 76562',
      'Need Attention · 10 · 57 · 4562',
      'New Customers · 104 · 329 · 28837',
      'Potential Loyalist · 342 · 2211 · 204856',
      'Promising · 9 · 28 · 4249',
    ]);
  });

  it('score the first published customers', async () => {
    const rows = await sql<{ row: string }>`
      select concat_ws(
        ' ', ${AS_OF}::date - customer_rfm.last_order_on, customer_rfm.order_count, customer_rfm.net_amount::integer,
        customer_rfm.recency_score, customer_rfm.frequency_score, customer_rfm.monetary_score
      ) as row
      from app.customer_rfm
      inner join app.customers on customers.id = customer_rfm.customer_id
      where customers.external_id in ('Abbey O''Reilly', 'Add Senger')
      order by customers.external_id
    `.execute(t.db);

    expect(rows.rows).toEqual([{ row: '205 6 472 3 4 3' }, { row: '140 3 340 4 1 2' }]);
  });

  it('leave exactly ten cells without a group', async () => {
    const cells = await sql<{ nameless: number }>`
      select count(*) as nameless from unnest(ops.rfm_group_codes()) as codes (code) where codes.code = 'other'
    `.execute(t.db);

    expect(cells.rows[0]).toEqual({ nameless: 10 });
  });

  it('are the same when segment rules ask for them, whether stored for the day or not', async () => {
    const differing = async () => {
      const answer = await sql<{ differing: number }>`
        select count(*) as differing
        from ops.segment_facts(${AS_OF}) as facts
        full join app.customer_rfm on customer_rfm.customer_id = facts.customer_id
        where (facts.recency_score, facts.frequency_score, facts.monetary_score, facts.rfm_group)
          is distinct from
          (customer_rfm.recency_score, customer_rfm.frequency_score, customer_rfm.monetary_score, customer_rfm.rfm_group)
      `.execute(t.db);
      return answer.rows[0]?.differing;
    };
    expect(await differing()).toBe(0);
    await t.db.updateTable('app.rfm_snapshots').set({ stale: true }).execute();
    expect(await differing()).toBe(0);
    await t.db.updateTable('app.rfm_snapshots').set({ stale: false }).execute();
  });

  it('are written once: the second run and an earlier day leave the customers alone', async () => {
    const scores = () => t.db.selectFrom('app.customer_rfm').selectAll().orderBy('customer_id').execute();
    const before = await scores();
    const again = await runJob(jobDeps(t), 'rfm_scores', AS_OF);
    const earlier = await runJob(jobDeps(t), 'rfm_scores', '2006-06-30');

    expect(again.rows_written).toBe(0);
    expect(earlier.rows_written).toBeGreaterThan(0);
    expect(await scores()).toEqual(before);
  });
});
