/** No setting of a reward is there for show: each, changed once, changes what comes of the same redemptions. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import rewards from '../../api/resources/rewards.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';

let t: TestDatabase;
let a: TestApp;
let b: Awaited<ReturnType<typeof budgets>>;
const named: { [name: string]: number } = {};
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
  b = await budgets(t);
  for (const name of ['tea', 'none'])
    named[name] = await make('products', { external_id: name, name, stock: name === 'tea' ? 100 : 0 });
  const listed = async (path: string) => (await (await a.as('operator')('GET', path)).json()) as Row[];
  const tiers = await listed('/api/tiers?_sort=rank');
  named.lowest = tiers[0]!.id as number;
  named.highest = tiers.at(-1)!.id as number;
  const segments = await listed('/api/segments?_start=0&_end=100');
  named.active = segments.find(({ code }) => code === 'active')!.id as number;
  named.dormant = segments.find(({ code }) => code === 'dormant')!.id as number;
  named.budget = await b.budget({ starts_on: '2020-01-01', ends_on: '2099-12-31' }, { active: 500, new: 500 });
}, 120_000);
afterAll(() => t?.close());

async function make(resource: string, body: Row): Promise<number> {
  const made = await a.as('operator')('POST', `/api/${resource}`, body);
  expect(made.status, await made.clone().text()).toBe(201);
  return ((await made.json()) as { id: number }).id;
}

/** What both sides have, and what the second has instead. */
type Flip = [both: () => Row, changed: () => Row];
const later = () => new Date(Date.now() + 3_600_000).toISOString();
const earlier = () => new Date(Date.now() - 3_600_000).toISOString();
const nothing = () => ({});
const PARTNER = () => ({
  kind: 'partner',
  partner: '某航空',
  partner_unit: '里程',
  partner_units: 50,
  settlement_price: '0.02',
});
const PAID = () => ({ unit_cost: '10', budget_id: named.budget! });
const FLIPS: { [field: string]: Flip } = {
  kind: [() => ({ product_id: named.none! }), () => ({ kind: 'ticket', product_id: null })],
  status: [nothing, () => ({ status: 'paused' })],
  points: [nothing, () => ({ points: 11 })],
  prices: [nothing, () => ({ prices: [{ tier_id: named.lowest!, points: 7 }] })],
  product_id: [() => ({ product_id: named.tea! }), () => ({ product_id: named.none! })],
  partner_units: [PARTNER, () => ({ partner_units: 60 })],
  settlement_price: [PARTNER, () => ({ settlement_price: '0.03' })],
  stock: [nothing, () => ({ stock: 2 })],
  max_quantity: [nothing, () => ({ max_quantity: 1 })],
  customer_limit: [nothing, () => ({ customer_limit: 2 })],
  limit_period: [() => ({ customer_limit: 2, limit_period: 'lifetime' }), () => ({ limit_period: 'day' })],
  tiers: [nothing, () => ({ tiers: [named.highest!] })],
  segments: [() => ({ segments: [named.active!] }), () => ({ segments: [named.dormant!] })],
  starts_at: [nothing, () => ({ starts_at: later() })],
  ends_at: [nothing, () => ({ ends_at: earlier() })],
  unit_cost: [PAID, () => ({ unit_cost: '11' })],
  budget_id: [() => ({ unit_cost: '10' }), () => ({ budget_id: named.budget! })],
  cost_kind: [PAID, () => ({ cost_kind: 'technology' })],
  handle_hours: [nothing, () => ({ handle_hours: 72 })],
};
/** What a reward is called changes nothing; which coupon or benefit it is, whoever hands it over reads there. */
const ELSEWHERE = [
  'code',
  'name',
  'name_en',
  'description',
  'partner',
  'partner_unit',
  'coupon_template_id',
  'benefit_id',
];

test('every field of a reward is among them', () => {
  const fields = Object.entries(rewards.fields)
    .filter(([name, field]) => !field.readonly && !ELSEWHERE.includes(name))
    .map(([name]) => name);
  expect(Object.keys(FLIPS).sort()).toEqual(fields.sort());
});

test.each(Object.entries(FLIPS))('%s', async (_, [both, changed]) => {
  const before = await story(both());
  expect(await story(both())).toEqual(before);
  expect(await story({ ...both(), ...changed() })).not.toEqual(before);
});

let number = 0;
/** One that was had long ago; two at once, held; one spent at once. What of it was refused, and what it came to. */
async function story(settings: Row): Promise<unknown> {
  const external_id = `rs${++number}`;
  const code = `rs_${number}`;
  const customer = await make('customers', { external_id });
  await b.member(customer, 'active', '2020-01-01');
  const given = await a.as('operator')('POST', `/api/customers/${customer}/_actions/adjust_points`, {
    ...{ points: 1_000, reason: 'test' },
  });
  expect(given.status).toBe(200);
  const usual = {
    name: '杯子',
    name_en: 'Cup',
    kind: 'goods',
    status: 'active',
    points: 10,
    max_quantity: 5,
    handle_hours: 24,
  };
  const reward = await make('rewards', { code, ...usual, ...settings });
  const lines = await b.lines(named.budget!);
  const redeem = async (key: string, body: Row) => {
    const answer = await a.as('operator')('POST', '/api/v1/redemptions', {
      ...{ external_id: `${external_id} ${key}`, customer_external_id: external_id, reward: code, ...body },
      ...(settings.kind === 'partner' ? { partner_account: 'FF-1' } : {}),
    });
    const said = (await answer.json()) as Row;
    return answer.status < 300
      ? [said.points, said.status]
      : Object.entries((said as unknown as ApiError).errors ?? {}).map(([field, { key }]) => `${field} ${key}`);
  };
  const first = await redeem('first', { quantity: 1, confirm: true });
  await sql`update app.redemptions set reserved_at = reserved_at - interval '3 days' where customer_id = ${customer}`.execute(
    t.owner,
  );
  const second = await redeem('second', { quantity: 2 });
  const third = await redeem('third', { quantity: 1, confirm: true });
  const { rows } = await sql`
    select
      points, quantity, partner_units, settlement_amount,
      round(extract(epoch from due_at - confirmed_at) / 3600) as hours
    from app.redemptions where customer_id = ${customer} order by id
  `.execute(t.db);
  const after = await b.lines(named.budget!);
  const money = after.map((line, at) =>
    (['reserved', 'committed', 'spent'] as const).map((part) => Number(line[part]) - Number(lines[at]![part])),
  );
  const held = await t.db.selectFrom('app.rewards').select(['reserved', 'taken']).where('id', '=', reward).execute();
  return { first, second, third, rows, money, held };
}
