/** No setting of an automation is there for show: each, changed once, changes what the same weeks come to. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followUp } from '../../api/engine/follow-ups.ts';
import automations from '../../api/resources/automations.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme, type Step } from './automations.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof automationProgramme>>;
const named: { [name: string]: number } = {};
beforeAll(async () => {
  t = await testDatabase();
  p = await automationProgramme(t);
  for (const [rank, code] of ['low', 'high'].entries()) {
    const { id } = await t.db
      .insertInto('app.tiers')
      .values({ code, name: code, name_en: code, rank, basis: 'spend', window_kind: 'lifetime', enter_at: '0' })
      .returning('id')
      .executeTakeFirstOrThrow();
    named[code] = id;
  }
  const campaign = await t.db
    .insertInto('app.campaigns')
    .values({ code: 'over', name: 'o', name_en: 'o', form: 'other', status: 'ended', starts_on: '2025-11-11' })
    .returning('id')
    .executeTakeFirstOrThrow();
  named.over = campaign.id;
  for (const status of ['active', 'draft']) {
    const { id } = await t.db
      .insertInto('app.budgets')
      .values({ code: status, name: 'b', name_en: 'b', kind: 'campaign', status, total: '1000' })
      .returning('id')
      .executeTakeFirstOrThrow();
    named[`budget_${status}`] = id;
    const { rows } = await sql<{ id: number }>`select id from base.segments where segment_code = 'dormant'`.execute(
      t.db,
    );
    const line = { budget_id: id, share: '1', amount: '1000' };
    await t.db
      .insertInto('app.budget_lines')
      .values([
        { ...line, position: 1, dimension: 'segment', segment_id: rows[0]!.id, cost_kind: null },
        { ...line, position: 2, dimension: 'cost_kind', segment_id: null, cost_kind: 'promotion' },
      ])
      .execute();
  }
  await sql`insert into app.programme_versions (resource, record_id, effective_from_at, body) select 'points_policies', 1, '-infinity', to_jsonb(points_policies) from app.points_policies`.execute(
    t.owner,
  );
});
afterAll(() => t?.close());

type Settings = { [field: string]: unknown };
type Flip = [both: Settings, changed: Settings];
const DATED = { trigger: 'calendar', repeat_from: '2026-01-12' };
const FLIPS: { [field: string]: Flip } = {
  trigger: [{}, { trigger: 'segment_leave' }],
  trigger_segments: [{}, { trigger_segments: ['active'] }],
  include_present: [{}, { include_present: true }],
  trigger_fact: [{ trigger: 'fact', trigger_fact: 'order' }, { trigger_fact: 'review' }],
  days_before: [{ trigger: 'birthday' }, { days_before: 5 }],
  repeat_from: [DATED, { repeat_from: '2026-01-13' }],
  repeat: [{ ...DATED, reentry: 'always' }, { repeat: 'week' }],
  repeat_interval: [{ ...DATED, repeat: 'week', reentry: 'always' }, { repeat_interval: 2 }],
  repeat_weekdays: [{ ...DATED, repeat: 'week', reentry: 'always' }, { repeat_weekdays: ['2'] }],
  starts_on: [{}, { starts_on: '2026-01-15' }],
  ends_on: [{}, { ends_on: '2026-01-09' }],
  tiers: [{}, { tiers: ['high'] }],
  segments: [{}, { segments: ['active'] }],
  audience_filter: [{}, { audience_filter: { city: { eq: '上海' } } }],
  reentry: [{}, { reentry: 'always' }],
  reentry_days: [{ reentry: 'after_days', reentry_days: 10 }, { reentry_days: 60 }],
  holdout_rate: [{}, { holdout_rate: '0.5' }],
  campaign_id: [{}, { campaign_id: 'over' }],
  budget_id: [{}, { budget_id: 'budget_draft' }],
  cost_kind: [{ budget_id: 'budget_active' }, { cost_kind: 'technology' }],
  exits: [{}, { exits: ['order'] }],
  goal_days: [{}, { goal_days: 1 }],
  steps: [{}, { steps: [{ code: 'other', kind: 'add_tag', tag: '别的' }] }],
};
const NAMES = ['code', 'name', 'name_en', 'description'];

test('every field of an automation is among them', () => {
  const fields = Object.entries(automations.fields)
    .filter(([name, field]) => !field.readonly && !NAMES.includes(name))
    .map(([name]) => name);
  expect(Object.keys(FLIPS).sort()).toEqual(fields.sort());
});

test.each(Object.entries(FLIPS))('%s', async (_, [both, changed]) => {
  const before = await story(both);
  expect(await story(both)).toEqual(before);
  expect(await story({ ...both, ...changed })).not.toEqual(before);
});

const STEPS: Step[] = [
  { code: 'points', kind: 'points', points: 10 },
  { code: 'pause', kind: 'wait', wait_kind: 'days', wait_days: 2 },
  { code: 'tag', kind: 'add_tag', tag: '来过' },
];

let number = 0;
/** Ten who come into the segment on 10 January (one was there before), leave it, come again a month later; one orders meanwhile. */
async function story(settings: Settings): Promise<unknown> {
  await sql`truncate app.automation_steps, app.automation_runs, app.automation_progress, app.segment_memberships, app.tier_states, app.follow_ups`.execute(
    t.owner,
  );
  await sql`update app.automations set status = 'ended'`.execute(t.owner);
  await sql`update app.customers set status = 'blocked' where id <> 0`.execute(t.owner);
  // The draw is by the number of the automation: it is the same for each story.
  await sql`delete from app.automations where id = 777`.execute(t.owner);
  const customers: number[] = [];
  await sql`delete from app.programme_versions where resource = 'automations'`.execute(t.owner);
  const first = 50_000 + ++number * 20;
  for (let at = 0; at < 10; at++) {
    const customer = await p.customer({ id: first + at, birth_on: '1990-01-15' });
    customers.push(customer);
    await t.db
      .insertInto('app.tier_states')
      .values({ customer_id: customer, tier_id: named.low! } as never)
      .execute();
    if (at === 0) await p.stay(customer, 'dormant', '2025-12-01');
    else {
      await p.stay(customer, 'dormant', '2026-01-10', '2026-01-20');
      await p.stay(customer, 'dormant', '2026-02-10');
    }
  }
  const numbers = (names: unknown) => (names as string[]).map((name) => named[name] ?? p.segments[name as 'active']);
  const { steps, ...rest } = settings;
  const stored = Object.fromEntries(
    Object.entries(rest).map(([field, value]) => [
      field,
      ['trigger_segments', 'segments', 'tiers'].includes(field)
        ? numbers(value)
        : field === 'campaign_id' || field === 'budget_id'
          ? named[value as string]
          : value,
    ]),
  );
  await p.automation((steps as Step[] | undefined) ?? STEPS, { ...stored, id: 777, code: `s${number}` });
  const order = await p.order(customers[1]!, '2026-01-11 09:00+08');
  await t.owner
    .insertInto('app.follow_ups')
    .values({
      ...{ follower: 'automation', customer_id: customers[1]!, fact_kind: 'order', fact_id: order, again: false },
      occurred_at: '2026-01-11 09:00+08',
    } as never)
    .execute();
  await p.enter('2026-01-05');
  await followUp(p.deps, { at: new Date('2026-01-11 10:00+08').toISOString() });
  for (const day of ['2026-01-10', '2026-01-12', '2026-01-14', '2026-01-20', '2026-02-10']) await p.day(day);
  const { rows } = await sql`
    select runs.customer_id - ${first} as who, runs.trigger_key, runs.status, runs.reason, runs.entered_on, runs.converted, (
      select array_agg(steps.step_code || ' ' || steps.outcome || coalesce(' ' || steps.reason, '') order by steps.visit)
      from app.automation_steps as steps where steps.customer_id = runs.customer_id and steps.run_id = runs.id
    ) as steps
    from base.automation_runs as runs order by who, runs.entered_at, runs.id
  `.execute(t.db);
  const plain = JSON.stringify(rows).replaceAll(`order ${order}`, 'order');
  return {
    plain,
    tags: await t.db.selectFrom('app.customers').select('tags').where('id', 'in', customers).orderBy('id').execute(),
  };
}
