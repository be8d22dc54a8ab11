/** No setting of a tier is there for show: each, changed once, changes where the same story leads, or what it earns. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import tiers from '../../api/resources/tiers.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let segments: number[];
const rule_sets: number[] = [];
beforeAll(async () => {
  t = await testDatabase();
  for (const code of ['one', 'two']) {
    const { id } = await t.db
      .insertInto('app.segment_rule_sets')
      .values({ code, name: code, name_en: code } as never)
      .returning('id')
      .executeTakeFirstOrThrow();
    rule_sets.push(id);
  }
  const { rows } = await sql<{ id: number }>`select id from base.segments order by rule_set_id`.execute(t.db);
  segments = rows.map(({ id }) => id);
});
afterAll(() => t?.close());

interface Settings {
  [field: string]: unknown;
}
/** What both sides have, and what the second has instead. */
type Flip = [both: Settings, changed: Settings];

const MONTHLY = { window_kind: 'month', enter_at: '500' };
const SECOND = [{ basis: 'orders', window_kind: 'lifetime', enter_at: '1' }];
const FLIPS: { [field: string]: Flip } = {
  rank: [{}, { rank: 1 }],
  status: [{}, { status: 'retired' }],
  basis: [{ enter_at: '3', retain_at: '3' }, { basis: 'orders' }],
  window_kind: [{}, { window_kind: 'month' }],
  window_days: [{}, { window_days: 20 }],
  window_start_month: [{ window_kind: 'year' }, { window_start_month: 7 }],
  enter_at: [{}, { enter_at: '1300' }],
  retain_at: [{}, { retain_at: '100' }],
  reenter_at: [{}, { reenter_at: '2000' }],
  segments: [{ basis: 'segment', enter_at: null, retain_at: null, segments: 0 }, { segments: 1 }],
  criteria: [{}, { criteria: SECOND }],
  criteria_match: [{ criteria: SECOND }, { criteria_match: 'all' }],
  upgrade: [MONTHLY, { upgrade: 'next_period' }],
  validity_kind: [{}, { validity_kind: 'forever' }],
  validity_months: [{}, { validity_months: 18 }],
  downgrade: [{}, { downgrade: 'none' }],
  grace_days: [{}, { grace_days: 30 }],
  grace_until: [{ grace_days: 5 }, { grace_until: 'year_end' }],
  floor_tier_id: [{ downgrade: 'full' }, { floor_tier_id: 'basic' }],
  point_multiplier: [{}, { point_multiplier: '2' }],
  growth_multiplier: [{}, { growth_multiplier: '2' }],
};
/** What a tier is called changes nothing; its rate is seen where points are redeemed. */
const ELSEWHERE = ['code', 'name', 'name_en', 'color', 'description', 'redeem_points'];

test('every field of a tier is among them', () => {
  const fields = Object.keys(tiers.fields).filter((name) => !ELSEWHERE.includes(name));
  expect(Object.keys(FLIPS).sort()).toEqual(fields.sort());
});

test.each(Object.entries(FLIPS))(
  '%s',
  async (_, [both, changed]) => {
    const before = await story(both);
    expect(await story(both)).toEqual(before);
    expect(await story({ ...both, ...changed })).not.toEqual(before);
    // A tier by segment is looked at every day.
  },
  240_000,
);

/** Two orders over the turn of the year, a smaller one in summer, one after the tier has ended; what time brings in between. */
async function story(settings: Settings): Promise<unknown> {
  await sql`truncate app.tier_stays, app.tier_states, app.tier_changes, app.points_lots, app.points_entries, app.decisions,
    app.points_allocations, app.points_accounts`.execute(t.owner);
  await t.owner.deleteFrom('app.programme_versions').execute();
  await t.owner.deleteFrom('app.earn_rules').execute();
  await t.owner.updateTable('app.tiers').set({ floor_tier_id: null }).execute();
  await t.owner.deleteFrom('app.tiers').execute();
  const p = await programme(t);
  for (const account of ['points', 'growth'])
    await p.rule({ code: account, account, effect: 'per_amount', points: 1, per_amount: '1' });
  await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  const basic = await p.tier({ code: 'basic', rank: 3, enter_at: '700', validity_kind: 'forever', downgrade: 'none' });
  await p.tier({
    ...{ code: 'tested', rank: 5, enter_at: '1000', retain_at: '800', validity_months: 12, ...settings },
    ...(settings.floor_tier_id === 'basic' ? { floor_tier_id: basic } : {}),
    ...(typeof settings.segments === 'number' ? { segments: [segments[settings.segments]] } : {}),
  });

  const customer = await p.customer();
  await t.db
    .updateTable('app.customers')
    .set({ enrolled_at: '2025-12-01 00:00+08', enrolled_on: '2025-12-01' })
    .where('id', '=', customer)
    .execute();
  await t.db
    .insertInto('app.segment_memberships')
    .values({ customer_id: customer, rule_set_id: rule_sets[0]!, entered_on: '2025-12-24', segment_code: 'other' })
    .execute();
  for (const [at, amount] of [
    ['2025-12-20', '600'],
    ['2026-01-10', '600'],
    ['2026-06-01', '300'],
    ['2027-03-01', '1100'],
  ] as const)
    await p.order(customer, { at, amount });
  // A tier by segment is looked at every day: of those some weeks will do.
  const [first, second] =
    typeof settings.segments === 'number' ? ['2026-02-01', '2026-02-10'] : ['2027-02-01', '2027-06-01'];
  for (const day of [first, second]) {
    await p.work(`${day} 00:00+08`);
    await settleDay(jobDeps(t), { until_at: `${day} 00:00+08` });
  }
  const { growth, available, expired } = (await p.account(customer))!;
  return { stays: await p.stays(customer), growth, points: Number(available) + Number(expired) };
}
