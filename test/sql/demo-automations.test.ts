/** The four default automations over the demo year: every count is explained by what is written elsewhere, by statements of this file's own. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEP_REASONS } from '../../api/automation-words.ts';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
}, DEMO_MS);
afterAll(() => t?.close());

const CODES = ['newcomer_plan', 'quarter_card', 'win_back', 'birthday_care'];

/** The first rows that break a rule; none should. */
async function breaking(query: ReturnType<typeof sql>): Promise<unknown[]> {
  return (await query.execute(t.db)).rows.slice(0, 3);
}

describe.each(CODES)('%s', (code) => {
  it('has run: whoever entered has finished, left early or is under way; the others were held out', async () => {
    const { rows } = await sql<{ [count: string]: number }>`
      select
        count(distinct runs.id) as all,
        count(distinct runs.id) filter (where runs.status = 'held_out') as held_out,
        count(*) filter (where steps.outcome = 'held_out') as told_held_out,
        count(*) filter (where steps.outcome = 'entered') as entered,
        count(*) filter (where steps.outcome = 'finished') as finished,
        count(*) filter (where steps.outcome = 'exited') as exited,
        count(distinct runs.id) filter (where runs.status = 'running') as running
      from app.automation_runs as runs
      inner join app.automations on automations.id = runs.automation_id and automations.code = ${code}
      inner join app.automation_steps as steps on steps.customer_id = runs.customer_id and steps.run_id = runs.id
    `.execute(t.db);
    const { all, held_out, told_held_out, entered, finished, exited, running } = rows[0]!;
    expect(entered).toBeGreaterThan(100);
    expect(finished).toBeGreaterThan(0);
    expect(told_held_out).toBe(held_out);
    expect(entered! + held_out!).toBe(all);
    expect(finished! + exited! + running!).toBe(entered);
  });

  it('holds out whom the draw says, about as many as the share, and does nothing for them', async () => {
    const { rows } = await sql<{ rate: number; held_out: number; all: number; wrong: number; touched: number }>`
      select
        max(automations.holdout_rate)::float as rate,
        count(*) filter (where runs.status = 'held_out') as held_out,
        count(*) as all,
        count(*) filter (
          where (runs.status = 'held_out') <> (
            automations.holdout_rate > 0
            and ops.campaign_draw(coalesce(automations.campaign_id, -automations.id), runs.customer_id) < automations.holdout_rate
          )
        ) as wrong,
        count(*) filter (
          where runs.status = 'held_out'
            and (select count(*) from app.automation_steps as steps where steps.customer_id = runs.customer_id and steps.run_id = runs.id) <> 1
        ) as touched
      from app.automation_runs as runs
      inner join app.automations on automations.id = runs.automation_id and automations.code = ${code}
    `.execute(t.db);
    const { rate, held_out, all, wrong, touched } = rows[0]!;
    expect({ wrong, touched }).toEqual({ wrong: 0, touched: 0 });
    // Four standard deviations.
    expect(Math.abs(held_out - rate * all)).toBeLessThanOrEqual(4 * Math.sqrt(all * rate * (1 - rate)));
  });

  it('gave what its steps say: as many coupons, cards, messages and calls as were done, and a refusal for each other', async () => {
    const { rows } = await sql<{ kind: string; done: number; refused: number; there: number; refusals: number }>`
      with steps as (
        select steps.*, 'automation:' || ${code}::text as source, runs.id || '-' || steps.visit as key
        from app.automation_steps as steps
        inner join app.automation_runs as runs on runs.customer_id = steps.customer_id and runs.id = steps.run_id
        inner join app.automations on automations.id = steps.automation_id and automations.code = ${code}
        where steps.kind in ('coupon', 'package', 'message', 'contact')
      )
      select
        steps.kind,
        count(*) filter (where steps.outcome = 'done') as done,
        count(*) filter (where steps.outcome = 'refused') as refused,
        case steps.kind
          when 'coupon' then (select count(*) from app.coupons where source = 'automation:' || ${code}::text)
          when 'message' then (
            select count(distinct messages.external_id) from app.messages
            inner join steps as sent on sent.kind = 'message' and sent.outcome = 'done' and sent.customer_id = messages.customer_id and sent.made_id = messages.id
            where messages.source = 'automation:' || ${code}::text
          )
          when 'contact' then (
            select count(*) from app.contact_tasks inner join app.automations on automations.id = automation_id and automations.code = ${code}
          )
          else (
            select count(distinct benefit_grants.id) from app.benefit_grants
            inner join steps as granted on granted.kind = 'package' and granted.outcome = 'done' and granted.made_id = benefit_grants.id
              and granted.customer_id = benefit_grants.customer_id
          )
        end as there,
        case steps.kind
          when 'coupon' then (select count(*) from app.coupon_refusals where source = 'automation:' || ${code}::text)
          else count(*) filter (where steps.outcome = 'refused' and steps.reason is not null)
        end as refusals
      from steps
      group by steps.kind
    `.execute(t.db);
    expect(rows.length).toBeGreaterThan(0);
    for (const { kind, done, refused, there, refusals } of rows)
      expect({ kind, there, refusals }).toEqual({ kind, there: done, refusals: refused });
  });
});

it('says why in words that people read, whatever the reason', async () => {
  const { rows } = await sql<{
    reason: string;
  }>`select distinct reason from app.automation_steps where reason is not null`.execute(t.db);
  expect(Object.keys(STEP_REASONS)).toEqual(expect.arrayContaining(rows.map(({ reason }) => reason)));
});

it('welcomes each newcomer once, for their first order and no other', async () => {
  expect(
    await breaking(sql`
      with firsts as (
        select distinct on (customer_id) customer_id, id, placed_on
        from app.orders where status in ('paid', 'completed') order by customer_id, placed_at, id
      )
      select runs.customer_id, runs.trigger_key
      from app.automation_runs as runs
      inner join app.automations on automations.id = runs.automation_id and automations.code = 'newcomer_plan'
      left join firsts on firsts.customer_id = runs.customer_id
      where runs.trigger_key is distinct from 'first_order ' || firsts.id
    `),
  ).toEqual([]);
  const { rows } = await sql<{ runs: number; customers: number }>`
    select count(*) as runs, count(distinct customer_id) as customers
    from app.automation_runs inner join app.automations on automations.id = automation_id and code = 'newcomer_plan'
  `.execute(t.db);
  expect(rows[0]!.runs).toBe(rows[0]!.customers);
});

it('enters by a stay that is there: the card by one in Active, the time gift by one in Dormant, not sooner again than it says', async () => {
  expect(
    await breaking(sql`
      select runs.customer_id, runs.trigger_key
      from app.automation_runs as runs
      inner join app.automations on automations.id = runs.automation_id
      inner join (values ('quarter_card', 'active'), ('win_back', 'dormant')) as meant (code, segment_code) on meant.code = automations.code
      where not exists (
        select from app.segment_memberships as stays
        where stays.customer_id = runs.customer_id
          and stays.segment_code = meant.segment_code
          and runs.trigger_key = stays.segment_code || ' ' || stays.entered_on
          and stays.entered_on <= runs.entered_on
          and (stays.left_on is null or stays.left_on > runs.entered_on)
      )
    `),
  ).toEqual([]);
  expect(
    await breaking(sql`
      select runs.customer_id, runs.entered_on, later.entered_on as again
      from app.automation_runs as runs
      inner join app.automations on automations.id = runs.automation_id and automations.reentry = 'after_days'
      inner join app.automation_runs as later
        on later.customer_id = runs.customer_id and later.automation_id = runs.automation_id and later.id > runs.id
      where later.entered_on - runs.entered_on < automations.reentry_days
    `),
  ).toEqual([]);
});

it('sends the birthday gift three days before, to whose birthday it is', async () => {
  expect(
    await breaking(sql`
      select runs.customer_id, runs.trigger_key
      from app.automation_runs as runs
      inner join app.automations on automations.id = runs.automation_id and automations.code = 'birthday_care'
      inner join app.customers on customers.id = runs.customer_id
      cross join lateral (select right(runs.trigger_key, 10)::date + 3 as on_day) as birthday
      where to_char(customers.birth_on, 'MM-DD') <> to_char(birthday.on_day, 'MM-DD')
        and not (to_char(customers.birth_on, 'MM-DD') = '02-29' and to_char(birthday.on_day, 'MM-DD') = '02-28')
    `),
  ).toEqual([]);
});

it('ends a win-back with the first order on the way, and with nothing else of the sort', async () => {
  const ordered = sql`exists (
    select from app.orders
    where orders.customer_id = runs.customer_id and orders.status in ('paid', 'completed')
      and coalesce(orders.paid_at, orders.placed_at) > runs.entered_at and coalesce(orders.paid_at, orders.placed_at) <= runs.ended_at
  )`;
  const { rows } = await sql<{ ordered: number; wrongly: number; high: number; called: number }>`
    select
      count(*) filter (where runs.reason = 'ordered') as ordered,
      count(*) filter (where runs.reason = 'ordered' and not ${ordered}) as wrongly
    from app.automation_runs as runs
    inner join app.automations on automations.id = runs.automation_id and automations.code = 'win_back'
  `.execute(t.db);
  expect(rows[0]!.ordered).toBeGreaterThan(0);
  expect(rows[0]!.wrongly).toBe(0);
});
