/** No setting of points is there for show: each, changed once, changes what the same story comes to. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { reservePoints } from '../../api/engine/redemptions.ts';
import earn_rules from '../../api/resources/earn_rules.ts';
import points_policies from '../../api/resources/points_policies.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let products: { tea: number; cup: number };
/** One with money for everybody's promotion, one that is a draft, and a campaign that is over. */
let named: { budget: number; draft: number; over: number };
beforeAll(async () => {
  t = await testDatabase();
  const made = await t.db
    .insertInto('app.products')
    .values([
      { external_id: 'tea', name: 'Tea', category: 'tea' },
      { external_id: 'cup', name: 'Cup', category: 'cup' },
    ])
    .returning('id')
    .execute();
  products = { tea: made[0]!.id, cup: made[1]!.id };
  await t.db.insertInto('app.segment_rule_sets').values({ code: 'any', name: 'any', name_en: 'any' }).execute();
  const [budget, draft] = [await makeBudget('active'), await makeBudget('draft')];
  const over = await t.db
    .insertInto('app.campaigns')
    .values({ code: 'over', name: 'o', name_en: 'o', form: 'other', status: 'ended', starts_on: '2025-11-11' })
    .returning('id')
    .executeTakeFirstOrThrow();
  named = { budget, draft, over: over.id };
});
afterAll(() => t?.close());

/** For everybody's promotion alone. */
async function makeBudget(status: string): Promise<number> {
  const { id } = await t.db
    .insertInto('app.budgets')
    .values({ code: status, name: 'b', name_en: 'b', kind: 'campaign', status, total: '100000' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const [other] = (await sql<{ id: number }>`select id from base.segments where segment_code = 'other'`.execute(t.db))
    .rows;
  const line = { budget_id: id, share: '1', amount: '100000' };
  await t.db
    .insertInto('app.budget_lines')
    .values([
      { ...line, position: 1, dimension: 'segment', segment_id: other!.id, cost_kind: null },
      { ...line, position: 2, dimension: 'cost_kind', segment_id: null, cost_kind: 'promotion' },
    ])
    .execute();
  return id;
}

interface Settings {
  [field: string]: unknown;
}
/** What both sides have, and what the second has instead. */
type Flip = [both: Settings, changed: Settings];

const PER_YUAN = { effect: 'per_amount', points: 1, per_amount: '1' };
const FIXED = { effect: 'fixed', points: 7, per_amount: null };
const RULE: { [field: string]: Flip } = {
  status: [{}, { status: 'paused' }],
  account: [{}, { account: 'growth' }],
  trigger: [FIXED, { trigger: 'sign_up' }],
  condition: [{}, { condition: { order_channel: { eq: 'store' } } }],
  effect: [{}, FIXED],
  points: [{}, { points: 2 }],
  per_amount: [{}, { per_amount: '10' }],
  factor: [{ effect: 'multiply', points: null, per_amount: null, factor: '2' }, { factor: '3' }],
  scope: [{ categories: ['tea'] }, { scope: 'categories' }],
  categories: [{ scope: 'categories', categories: ['tea'] }, { categories: ['cup'] }],
  products: [{ scope: 'products', products: 'tea' }, { products: 'cup' }],
  starts_at: [{}, { starts_at: '2026-01-06 00:00+08' }],
  ends_at: [{}, { ends_at: '2026-01-06 00:00+08' }],
  weekdays: [{}, { weekdays: ['1'] }],
  from_hour: [{}, { from_hour: 10 }],
  until_hour: [{}, { until_hour: 10 }],
  stacking: [{ stack_group: 'gifts' }, { stacking: 'exclusive' }],
  stack_group: [{ stacking: 'exclusive', stack_group: 'other' }, { stack_group: 'gifts' }],
  priority: [{ stacking: 'exclusive', stack_group: 'gifts' }, { priority: 10 }],
  max_per_fact: [{}, { max_per_fact: 50 }],
  max_per_day: [{}, { max_per_day: 120 }],
  max_per_customer: [{}, { max_per_customer: 250 }],
  pending_days: [{}, { pending_days: 30 }],
  expiry_months: [{}, { expiry_months: 1 }],
  campaign_id: [{}, { campaign_id: 'over' }],
  budget_id: [{}, { budget_id: 'draft' }],
  cost_kind: [{ budget_id: 'budget' }, { cost_kind: 'technology' }],
};
const FIXED_DATE = { expiry: 'fixed_date', expiry_month: 12, expiry_day: 31 };
const POLICY: { [field: string]: Flip } = {
  expiry: [{}, { expiry: 'none' }],
  expiry_months: [{}, { expiry_months: 24 }],
  expiry_month: [FIXED_DATE, { expiry_month: 11 }],
  expiry_day: [FIXED_DATE, { expiry_day: 30 }],
  shortfall: [{}, { shortfall: 'stop_at_zero' }],
  reserve_minutes: [{}, { reserve_minutes: 5 }],
  point_value: [{}, { point_value: '10000' }],
  reinstate_days: [{ expiry_months: 1 }, { reinstate_days: 30 }],
};
/** Points for a shop are held now: some must have been earned lately. */
const LATELY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
/** What staff call a rule changes nothing. */
const NAMES = ['code', 'name', 'name_en', 'description'];

test('every field of a rule and of the policy is among them', () => {
  const fields = (resource: { fields: object }) => Object.keys(resource.fields).filter((name) => !NAMES.includes(name));
  expect(Object.keys(RULE).sort()).toEqual(fields(earn_rules).sort());
  expect(Object.keys(POLICY).sort()).toEqual(fields(points_policies).sort());
});

describe('a rule', () => {
  test.each(Object.entries(RULE))('%s', async (_, [both, changed]) => {
    const before = await story({ rule: both });
    expect(before).toEqual(await story({ rule: both }));
    expect(await story({ rule: { ...both, ...changed } })).not.toEqual(before);
  });
});

describe('the policy', () => {
  test.each(Object.entries(POLICY))('%s', async (_, [both, changed]) => {
    const rule = { budget_id: 'budget' };
    const before = await story({ rule, policy: both });
    expect(await story({ rule, policy: { ...both, ...changed } })).not.toEqual(before);
  });

  test('shortfall, its third way', async () => {
    const [stops, pending_only] = [
      await story({ policy: { shortfall: 'stop_at_zero' } }),
      await story({ policy: { shortfall: 'pending_only' } }),
    ];
    expect(pending_only).not.toEqual(stops);
  });
});

/** Three orders on two days, a redemption of more than the refund leaves, a refund, a large order, a month, an extension of what expired, an order of lately; then points are held for a shop. */
async function story({ rule = {}, policy = {} }: { rule?: Settings; policy?: Settings }): Promise<unknown> {
  await sql`truncate app.points_lots, app.points_entries, app.decisions, app.points_allocations, app.points_accounts`.execute(
    t.owner,
  );
  await t.owner.deleteFrom('app.programme_versions').execute();
  await t.owner.deleteFrom('app.earn_rules').execute();
  await t.db
    .updateTable('app.points_policies')
    .set({
      expiry: 'rolling',
      expiry_months: 12,
      shortfall: 'go_negative',
      reserve_minutes: 30,
      point_value: '0.01',
      reinstate_days: 0,
      ...policy,
    })
    .execute();
  const p = await programme(t);
  await p.rule({ code: 'tested', ...PER_YUAN, ...withNumbers(rule) });
  await p.rule({ code: 'gift', ...FIXED, points: 400, stacking: 'exclusive', stack_group: 'gifts', priority: 50 });

  const customer = await p.customer();
  const first = await p.order(customer, { at: '2026-01-05', amount: '200', channel: 'store' });
  const others = [
    await p.order(customer, { at: '2026-01-06T09:00', amount: '100' }),
    await p.order(customer, { at: '2026-01-06T18:00', amount: '100' }),
  ];
  for (const [order, product] of [
    [first, 'tea'],
    [others[0]!, 'cup'],
    [others[1]!, 'cup'],
  ] as const) {
    await t.db
      .insertInto('app.order_lines')
      .values({
        customer_id: customer,
        order_id: order.id,
        line_no: 1,
        sku: product,
        product_id: products[product],
        quantity: 1,
        unit_price: product === 'tea' ? '200' : '100',
        amount: product === 'tea' ? '200' : '100',
      })
      .execute();
  }
  await p.redeem(customer, { at: '2026-01-07', points: 1_100 });
  await p.refund(first, { at: '2026-01-08', amount: '200' });
  await p.order(customer, { at: '2026-01-09', amount: '5000' });
  await p.work();
  await settleDay(jobDeps(t), { until_at: '2026-02-10 00:00+08' });
  await t.db
    .insertInto('app.points_extensions')
    .values({
      ...{ customer_id: customer, expiring_until_on: '2026-02-09', until_on: '2030-01-01', points: 1, reason: 'test' },
      ...{ state: 'applied', asked_at: '2026-02-11 09:00+08', decided_at: '2026-02-11 12:00+08' },
    })
    .execute();
  await p.order(customer, { at: LATELY, amount: '3000' });
  await p.work();

  const lots = await t.db
    .selectFrom('app.points_lots')
    .select(['account', 'issued', 'pending', 'available', 'spent', 'expired', 'reversed', 'available_at', 'expires_at'])
    .where('customer_id', '=', customer)
    .orderBy('earned_at')
    .orderBy('rule_id')
    .execute();
  const sums = await p.account(customer);
  const held = await t.db.transaction().execute(async (trx) => {
    const asked = { source: 'test', external_id: `held ${customer}`, points: 1, purpose: 'test' };
    return reservePoints(trx, { ...jobDeps(t), resources: new Map() }, { customer_id: customer, asked });
  });
  const { minutes } = await t.db
    .selectFrom('app.redemptions')
    .select(sql<number>`round(extract(epoch from reserved_until_at - reserved_at) / 60)::integer`.as('minutes'))
    .where('id', '=', held.id)
    .executeTakeFirstOrThrow();
  return { lots, sums, minutes };
}

/** What a flip names, by its number in this database. */
function withNumbers(given: Settings): Settings {
  return Object.fromEntries(
    Object.entries(given).map(([field, value]) => {
      if (field === 'products' && typeof value === 'string') return [field, [products[value as 'tea']]];
      if (field === 'budget_id' || field === 'campaign_id') return [field, named[value as keyof typeof named]];
      return [field, value];
    }),
  );
}
