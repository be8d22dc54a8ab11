/** No setting of a benefit or a package is there for show: each, changed once, changes what the same story comes to. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeUse, useBenefit } from '../../api/engine/benefits.ts';
import benefit_packages from '../../api/resources/benefit_packages.ts';
import benefits from '../../api/resources/benefits.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { benefitProgramme } from './benefits.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';

let t: TestDatabase;
let b: ReturnType<typeof benefitProgramme>;
let p: Awaited<ReturnType<typeof programme>>;
let money: Awaited<ReturnType<typeof budgets>>;
const named: { [name: string]: number } = {};
beforeAll(async () => {
  t = await testDatabase();
  const { id: rule_set_id } = await t.db
    .insertInto('app.segment_rule_sets')
    .values({ code: 'lifecycle', name: 'l', name_en: 'l' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rules = ['new', 'active'].map((code) => ({ code, name: code, name_en: code, condition: {} }));
  await t.db
    .insertInto('app.segment_rule_set_versions')
    .values({ rule_set_id, number: 1, state: 'published', effective_from: '1990-01-01', rules: JSON.stringify(rules) })
    .execute();
  b = benefitProgramme(t);
  p = await programme(t);
  money = await budgets(t);
  await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1' });
  for (const [rank, code] of ['low', 'high'].entries())
    named[code] = await p.tier({ code, rank, enter_at: String(rank * 1_000_000) });
  for (const segment of ['new', 'active']) {
    const { rows } = await sql<{ id: number }>`select id from base.segments where segment_code = ${segment}`.execute(
      t.db,
    );
    named[segment] = Number(rows[0]!.id);
  }
  named.budget = await money.budget();
  for (const letter of ['A', 'B']) {
    const { id } = await t.db
      .insertInto('app.coupon_templates')
      .values({
        ...{ code: `c_${letter.toLowerCase()}`, name: 'c', name_en: 'c', kind: 'fixed', status: 'active', amount: '5' },
        ...{ unit_cost: '5', code_mode: 'generated', code_pattern: `${letter}-####`, distribution: 'code' },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    named[letter] = id;
  }
  named.card_a = await b.benefit({ code: 'card_a', quota: 2, quota_period: 'month', by_package_only: true });
  named.card_b = await b.benefit({ code: 'card_b', quota: 5, quota_period: 'month', by_package_only: true });
});
afterAll(() => t?.close());

type Settings = { [field: string]: unknown };
/** What both sides have, and what the second has instead; by name what a database numbers. */
type Flip = [both: Settings, changed: Settings];
const CODE = { fulfilment: 'code', coupon_template_id: 'A' };
const MANUAL = { fulfilment: 'manual', owner_role: 'operator', handle_hours: 24 };
const REMIND = { remind_days: 5, remind_channels: ['sms'] };
const PAID = { unit_cost: '10', budget_id: 'budget' };
const BENEFIT: { [field: string]: Flip } = {
  kind: [{ quota: null, quota_period: null, point_multiplier: '2' }, { kind: 'point_multiplier' }],
  status: [{}, { status: 'retired' }],
  point_multiplier: [
    { kind: 'point_multiplier', quota: null, quota_period: null, point_multiplier: '2' },
    { point_multiplier: '3' },
  ],
  discount_rate: [{ kind: 'discount', discount_rate: '0.2' }, { discount_rate: '0.3' }],
  quota: [{}, { quota: 1 }],
  quota_period: [{}, { quota_period: 'quarter' }],
  carry_over: [{ quota: 6 }, { carry_over: true }],
  carry_over_cap: [{ quota: 6, carry_over: true }, { carry_over_cap: 1 }],
  tiers: [{}, { tiers: ['high'] }],
  segments: [{}, { segments: ['new'] }],
  by_package_only: [{}, { by_package_only: true }],
  customer_condition: [{}, { customer_condition: { enrolled_days: { gte: 900 } } }],
  occasion: [{}, { occasion: 'birthday' }],
  occasion_days: [{ occasion: 'enrolment', occasion_days: 60 }, { occasion_days: 8 }],
  starts_on: [{}, { starts_on: '2026-01-07' }],
  ends_on: [{}, { ends_on: '2026-01-31' }],
  unit_cost: [PAID, { unit_cost: '11' }],
  budget_id: [{ unit_cost: '10' }, { budget_id: 'budget' }],
  cost_kind: [PAID, { cost_kind: 'referral' }],
  fulfilment: [{ owner_role: 'operator', handle_hours: 24 }, { fulfilment: 'manual' }],
  coupon_template_id: [CODE, { coupon_template_id: 'B' }],
  owner_role: [MANUAL, { owner_role: 'customer_service' }],
  handle_hours: [MANUAL, { handle_hours: 48 }],
  remind_days: [{ ...REMIND, quota: 9 }, { remind_days: null }],
  remind_channels: [{ ...REMIND, quota: 9 }, { remind_channels: ['email'] }],
};
const PACKAGE: { [field: string]: Flip } = {
  status: [{}, { status: 'retired' }],
  grant_kind: [{}, { grant_kind: 'manual' }],
  period: [{}, { period: 'quarter' }],
  period_days: [{ grant_kind: 'on_entry', period: 'days', period_days: 10 }, { period_days: 20 }],
  tiers: [{ segments: [] }, { tiers: ['low'] }],
  segments: [{}, { segments: ['new'] }],
  starts_on: [{}, { starts_on: '2026-01-20' }],
  ends_on: [{}, { ends_on: '2026-01-31' }],
  max_grants: [{}, { max_grants: 1 }],
  remind_days: [REMIND, { remind_days: null }],
  remind_channels: [REMIND, { remind_channels: ['email'] }],
  items: [{}, { items: 'card_b' }],
};
/** What something is called and under which heading reports count it changes nothing for customers. */
const NAMES = ['code', 'name', 'name_en', 'description', 'layer'];

test('every field of a benefit and of a package is among them', () => {
  const fields = (resource: { fields: { [name: string]: { readonly?: boolean } } }) =>
    Object.entries(resource.fields)
      .filter(([name, field]) => !field.readonly && !NAMES.includes(name))
      .map(([name]) => name)
      .sort();
  expect(Object.keys(BENEFIT).sort()).toEqual(fields(benefits));
  expect(Object.keys(PACKAGE).sort()).toEqual(fields(benefit_packages));
});

describe('a benefit', () => {
  test.each(Object.entries(BENEFIT))('%s', async (_, [both, changed]) => {
    const before = await ofBenefit(both);
    expect(await ofBenefit(both)).toEqual(before);
    expect(await ofBenefit({ ...both, ...changed })).not.toEqual(before);
  });
});

describe('a package', () => {
  test.each(Object.entries(PACKAGE))('%s', async (_, [both, changed]) => {
    const before = await ofPackage(both);
    expect(await ofPackage(both)).toEqual(before);
    expect(await ofPackage({ ...both, ...changed })).not.toEqual(before);
  });
});

/** Nothing of the stories before is left to be opened. */
async function retireAll(): Promise<void> {
  await sql`delete from app.programme_versions where resource = 'benefits' and record_id not in (${named.card_a!}, ${named.card_b!})`.execute(
    t.owner,
  );
  await sql`delete from app.programme_versions where resource = 'benefit_packages'`.execute(t.owner);
}

async function somebody(): Promise<number> {
  const customer = await b.customer({ enrolled_on: '2025-12-30', birth_on: '1990-01-20' });
  await money.member(customer, 'active', '2026-01-02');
  await b.tier(customer, named.low!, '2025-12-30');
  return customer;
}

let uses = 0;
/** @returns why it was refused, or what came of it */
async function use(customer_id: number, benefit_id: number, used_at: string): Promise<unknown> {
  return t.db.transaction().execute(async (trx) => {
    const asked = { source: 'test', external_id: `u${++uses}`, reserve: false, note: null, benefit_id, used_at };
    const said = await useBenefit(trx, b.deps, { customer_id, asked });
    if (said.id === null) return said.reason;
    const { code, left_uses, status, discount_rate } = await describeUse(trx, said.id);
    return [status, left_uses, discount_rate, code === null ? null : String(code).charAt(0)];
  });
}

const withNumbers = (given: Settings): Settings =>
  Object.fromEntries(
    Object.entries(given).map(([field, value]) => [
      field,
      field === 'tiers' || field === 'segments'
        ? (value as string[]).map((name) => named[name])
        : field === 'budget_id' || field === 'coupon_template_id'
          ? named[value as string]
          : value,
    ]),
  );

/** Opened, used twice in January and once more, reminded of, opened again in February, used; an order in between. */
async function ofBenefit(settings: Settings): Promise<unknown> {
  await retireAll();
  const customer = await somebody();
  const before = await money.lines(named.budget!);
  const benefit = await b.benefit(withNumbers({ quota: 2, quota_period: 'month', ...settings }));
  await b.day('2026-01-05');
  const said = [];
  for (const day of ['2026-01-06', '2026-01-06', '2026-01-10'])
    said.push(await use(customer, benefit, `${day} 12:00+08`));
  await p.order(customer, { at: '2026-01-11', amount: '100' });
  await p.work();
  await b.day('2026-01-29');
  await b.day('2026-02-01');
  said.push(await use(customer, benefit, '2026-02-02 12:00+08'));
  const { rows } = await sql`
    select owner_role, fulfilment, unit_cost, round(extract(epoch from due_at - used_at) / 3600) as hours
    from app.benefit_uses where customer_id = ${customer} order by id
  `.execute(t.db);
  const after = await money.lines(named.budget!);
  const spent = after.map((line, at) => Number(line.spent) - Number(before[at]!.spent));
  const reminders = await t.db
    .selectFrom('app.benefit_reminders')
    .select(['due_on', 'last_on', 'left_uses', 'channels'])
    .where('customer_id', '=', customer)
    .orderBy('due_on')
    .execute();
  const earned = (await p.account(customer))!.available;
  return { said, rows, spent, reminders, earned, quotas: await b.quotas(customer, benefit) };
}

/** Two who are in the segment, and the days of two months. */
async function ofPackage({ items = 'card_a', ...settings }: Settings): Promise<unknown> {
  await retireAll();
  const customers = [await somebody(), await somebody()];
  const id = await b.package(
    [[named[items as string]!, null]],
    withNumbers({ period: 'month', segments: ['active'], ...settings }),
  );
  await sql`
    insert into app.benefit_openings (kind, record_id, version_id, opened_on)
    select 'package', ${id}, version_id, '2026-01-01' from base.benefit_package_versions where package_id = ${id}
  `.execute(t.owner);
  for (const day of ['2026-01-05', '2026-01-10', '2026-01-29', '2026-02-01']) await b.day(day);
  const grants = await t.db
    .selectFrom('app.benefit_grants')
    .select([
      'period_from',
      'period_until',
      'remind_on',
      sql<number>`array_position(${customers}::bigint[], customer_id)`.as('who'),
    ])
    .where('package_id', '=', id)
    .where('customer_id', 'in', customers)
    .orderBy('period_from')
    .orderBy('who')
    .execute();
  const reminders = await t.db
    .selectFrom('app.benefit_reminders')
    .select(['due_on', 'last_on', 'left_uses', 'channels'])
    .where('customer_id', 'in', customers)
    .orderBy('due_on')
    .execute();
  const { rows } = await sql`
    select customer_id = ${customers[0]!} as first, usable_from, usable_until, quota
    from app.benefit_quotas where customer_id = any (${customers}::bigint[]) order by 1, 2, 3
  `.execute(t.db);
  return { grants, reminders, rows };
}
