/** What campaigns and automations did beside those held out: who is compared, over which days, and the statistics. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());
beforeEach(async () => {
  for (const table of [
    'automation_runs',
    'programme_versions',
    'automations',
    'campaigns',
    'customer_day',
    'order_day',
  ])
    await sql`delete from ${sql.table(`app.${table}`)}`.execute(t.owner);
  await sql`delete from app.customers where id <> 0`.execute(t.owner);
  // Everything up to 2026-03-31 is known.
  await sql`insert into app.order_day (day, channel, identified, order_count, amount, returned_amount) values ('2026-03-31', 'online', true, 1, 1, 0)`.execute(
    t.owner,
  );
});

/** As many customers, enrolled in 2025, with ids from 1. */
async function people(count: number): Promise<void> {
  await sql`
    insert into app.customers (id, external_id, enrolled_at, enrolled_on)
    select id, 'h' || id, '2025-01-01 00:00+08', '2025-01-01' from generate_series(1, ${count}::integer) as id
  `.execute(t.owner);
}

async function automation(holdout_rate = 0.5, goal_days = 30): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into app.automations (code, name, name_en, trigger, holdout_rate, goal_days, steps)
    values ('win_back', '召回', 'Win back', 'segment_enter', ${holdout_rate}, ${goal_days}, '[]') returning id
  `.execute(t.owner);
  return Number(rows[0]!.id);
}

async function enter(
  id: number,
  entries: readonly { customer: number; held_out?: boolean; on?: string; key?: string }[],
): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    insert into app.programme_versions (resource, record_id, effective_from_at, body)
    values ('automations', ${id}, '2025-01-01', '{}') returning id
  `.execute(t.owner);
  for (const { customer, held_out = false, on = '2026-01-10', key = 'k' } of entries) {
    await sql`
      insert into app.automation_runs (customer_id, automation_id, version_id, trigger_key, status, entered_at, entered_on, ended_at)
      values (${customer}, ${id}, ${rows[0]!.id}, ${key}, ${held_out ? 'held_out' : 'finished'}, ${on}::timestamptz, ${on}, ${on}::timestamptz)
    `.execute(t.owner);
  }
}

async function bought(customer: number, day: string, amount: number, returned = 0): Promise<void> {
  await sql`
    insert into app.customer_day (customer_id, day, order_count, amount, returned_amount)
    values (${customer}, ${day}, ${amount > 0 ? 1 : 0}, ${amount}, ${returned})
  `.execute(t.owner);
}

async function effects() {
  const { rows } = await t.report.query(
    `select kind, code, drawn_from_on::text, drawn_until_on::text, treated, treated_converted, held_out, held_out_converted,
      spend_difference::float8, spend_low::float8, spend_high::float8,
      adjusted_difference::float8, adjusted_low::float8, adjusted_high::float8, verdict
    from report.holdout_effects order by code`,
  );
  return rows;
}

describe('who is compared', () => {
  test('each customer once, from their first time on, when their days have passed', async () => {
    await people(4);
    const id = await automation();
    await enter(id, [
      { customer: 1 },
      { customer: 1, on: '2026-02-10', key: 'again' },
      { customer: 2, held_out: true },
      // Of thirty days after the tenth of March not all are known.
      { customer: 3, on: '2026-03-10' },
      { customer: 4, held_out: true, on: '2026-03-10' },
    ]);
    await bought(1, '2026-01-10', 50);
    await bought(1, '2026-02-09', 20, 5);
    await bought(1, '2026-02-10', 1000);
    await bought(2, '2026-01-12', 0, 8);
    expect(await effects()).toMatchObject([
      {
        ...{ kind: 'automation', code: 'win_back', drawn_from_on: '2026-01-10', drawn_until_on: '2026-01-10' },
        ...{ treated: 1, treated_converted: 1, held_out: 1, held_out_converted: 0 },
        // The day of entry is before; what came back is taken off; without an order nobody has converted.
        spend_difference: 23,
        verdict: 'too_few',
      },
    ]);
  });

  test('an automation that holds nobody out is not among them', async () => {
    await people(1);
    await enter(await automation(0), [{ customer: 1 }]);
    expect(await effects()).toEqual([]);
  });

  test('a campaign divides those who were there before it began, by its own draw', async () => {
    await people(200);
    await sql`update app.customers set enrolled_on = '2026-03-01' where id > 150`.execute(t.owner);
    await sql`update app.customers set status = 'blocked' where id = 1`.execute(t.owner);
    const { rows } = await sql<{ id: number }>`
      insert into app.campaigns (code, name, name_en, form, status, starts_on, ends_on, holdout_rate)
      values ('march', '三月', 'March', 'discount', 'ended', '2026-03-01', '2026-03-10', 0.3) returning id
    `.execute(t.owner);
    const drawn = await sql<{ held_out: number }>`
      select count(*)::integer as held_out from app.customers
      where id between 2 and 150 and ops.campaign_draw(${rows[0]!.id}, id) < 0.3
    `.execute(t.owner);
    const { held_out } = drawn.rows[0]!;
    expect(await effects()).toMatchObject([{ kind: 'campaign', code: 'march', treated: 149 - held_out, held_out }]);
  });
});

describe('the statistics', () => {
  const sums = { treated: [60, 1400, 40, 578, 890], held_out: [28, 314, 26, 222, 257] };

  async function effect(
    counts: [treated: number, converted: number, held_out: number, converted: number, holdout_rate: number],
    given = sums,
  ) {
    const { rows } = await t.report.query(
      `select treated_rate::float8, held_out_rate::float8, difference::float8, difference_low::float8, difference_high::float8,
        sample_ratio_fits, spend_difference::float8, spend_low::float8, spend_high::float8, adjusted_difference::float8,
        adjusted_low::float8, adjusted_high::float8, verdict
      from report.holdout_effect($1, $2, $3, $4, $5, $6, $7)`,
      [...counts, given.treated, given.held_out],
    );
    return rows[0]!;
  }

  // Spend (10 20 0 30) against (5 15 0 8), spend before (5 12 3 20) and (4 11 2 9), worked out by hand.
  test('the difference of spend, and the same less what the spend before explains', async () => {
    expect(await effect([4, 3, 4, 3, 0.5])).toMatchObject({
      ...{ spend_difference: 8, spend_low: -6.07, spend_high: 22.07 },
      ...{ adjusted_difference: 2.23, adjusted_low: -1.45, adjusted_high: 5.91 },
    });
  });

  test('rates differ by Newcombe’s interval, and beyond nought they are said to', async () => {
    expect(await effect([1000, 300, 1000, 200, 0.5])).toMatchObject({ difference: 0.1, verdict: 'more' });
    expect(await effect([1000, 200, 1000, 300, 0.5])).toMatchObject({ difference: -0.1, verdict: 'less' });
    expect(await effect([1000, 200, 1000, 210, 0.5])).toMatchObject({ verdict: 'unclear' });
  });

  test('sides that chance alone would hardly divide so are not believed', async () => {
    expect(await effect([9000, 300, 1000, 20, 0.1])).toMatchObject({ sample_ratio_fits: true });
    expect(await effect([9200, 3000, 800, 20, 0.1])).toMatchObject({ sample_ratio_fits: false, verdict: 'ratio_off' });
  });

  test('nobody on a side, or nobody who spent, is no division by nought', async () => {
    const none = [0, 0, 0, 0, 0];
    expect(await effect([5, 1, 0, 0, 0.1], { treated: none, held_out: none })).toMatchObject({
      ...{ held_out_rate: null, difference: null, spend_difference: null, verdict: 'too_few' },
    });
    expect(await effect([40, 0, 40, 0, 0.5], { treated: none, held_out: none })).toMatchObject({
      ...{ spend_difference: 0, adjusted_difference: 0, verdict: 'unclear' },
    });
  });
});
