/** No setting of a coupon template is there for show: each, changed once, changes what comes of the same course of things. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import templates from '../../api/resources/coupon_templates.ts';
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
  named.tea = await make('products', { external_id: 'TEA', name: '茶', category: '茶叶', price: '20.00' });
  named.cup = await make('products', { external_id: 'CUP', name: '杯', category: '器具', price: '30.00' });
  const listed = async (path: string) => (await (await a.as('operator')('GET', path)).json()) as Row[];
  const said = { category: 'service', channels: ['in_site'], in_site_subject: '别忘了', in_site_body: '{{coupon}}' };
  const reminder = { code: 'own_reminder', name: '提醒', name_en: 'Reminder', status: 'active', ...said };
  named.reminder = await make('message_templates', reminder);
  named.highest = (await listed('/api/tiers?_sort=rank')).at(-1)!.id as number;
  const segments = await listed('/api/segments?_start=0&_end=100');
  named.active = segments.find(({ code }) => code === 'active')!.id as number;
  named.dormant = segments.find(({ code }) => code === 'dormant')!.id as number;
  named.budget = await b.budget({ starts_on: '2020-01-01', ends_on: '2099-12-31' }, { active: 5000, new: 500 });
}, 120_000);
afterAll(() => t?.close());

async function make(resource: string, body: Row): Promise<number> {
  const made = await a.as('operator')('POST', `/api/${resource}`, body);
  expect(made.status, await made.clone().text()).toBe(201);
  return ((await made.json()) as { id: number }).id;
}

/** What both sides have, and what the second has instead. */
type Flip = [both: () => Row, changed: () => Row];
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
const nothing = () => ({});
const PERCENTAGE = () => ({ kind: 'percentage', amount: null, discount_rate: '0.1', max_discount: '50.00' });
const GIFT = () => ({ kind: 'gift', amount: null, gift_product_id: named.tea!, gift_quantity: 1 });
const BY_EVENT = () => ({ activation: 'event', activation_event: 'review' });
const FIXED = () => ({ validity_kind: 'fixed', valid_for: null, valid_from_at: hours(-1), valid_until_at: hours(48) });
const GENERATED = () => ({ code_mode: 'generated', code_pattern: 'A-########' });
const IMPORTED = () => ({ code_mode: 'imported', pool_warn_at: 0 });
const GROUP = () => ({ stacking: 'group', stack_group: 'a' });
const LIMITED = () => ({ per_customer_limit: 1 });
const FLIPS: { [field: string]: Flip } = {
  kind: [nothing, () => ({ kind: 'free_shipping', amount: null })],
  status: [nothing, () => ({ status: 'paused' })],
  amount: [nothing, () => ({ amount: '11.00' })],
  discount_rate: [PERCENTAGE, () => ({ discount_rate: '0.2' })],
  max_discount: [PERCENTAGE, () => ({ max_discount: '5.00' })],
  gift_product_id: [GIFT, () => ({ gift_product_id: named.cup! })],
  gift_name: [() => ({ ...GIFT(), gift_product_id: null, gift_name: '礼盒' }), () => ({ gift_name: '贺卡' })],
  gift_quantity: [GIFT, () => ({ gift_quantity: 2 })],
  min_spend: [nothing, () => ({ min_spend: '1000.00' })],
  min_payable: [nothing, () => ({ min_payable: '95.00' })],
  scope: [() => ({ categories: [], products: [] }), () => ({ scope: 'products', products: [named.cup!] })],
  categories: [() => ({ scope: 'categories', categories: ['茶叶'] }), () => ({ categories: ['器具'] })],
  products: [() => ({ scope: 'products', products: [named.tea!] }), () => ({ products: [named.cup!] })],
  order_channels: [nothing, () => ({ order_channels: ['store'] })],
  first_order_only: [nothing, () => ({ first_order_only: true })],
  tiers: [nothing, () => ({ tiers: [named.highest!] })],
  segments: [() => ({ segments: [named.active!] }), () => ({ segments: [named.dormant!] })],
  distribution: [nothing, () => ({ distribution: 'issue' })],
  claim_from_at: [nothing, () => ({ claim_from_at: hours(1) })],
  claim_until_at: [nothing, () => ({ claim_until_at: hours(-1) })],
  validity_kind: [() => ({ ...FIXED(), validity_kind: 'after_claim', valid_for: 3 }), FIXED],
  valid_for: [nothing, () => ({ valid_for: 2 })],
  valid_unit: [nothing, () => ({ valid_unit: 'hours' })],
  valid_from_at: [FIXED, () => ({ valid_from_at: hours(1) })],
  valid_until_at: [FIXED, () => ({ valid_until_at: hours(24) })],
  activation: [nothing, BY_EVENT],
  activation_event: [BY_EVENT, () => ({ activation_event: 'registration' })],
  activation_days: [BY_EVENT, () => ({ activation_days: 3 })],
  code_mode: [nothing, GENERATED],
  code_pattern: [GENERATED, () => ({ code_pattern: 'B-########' })],
  pool_warn_at: [IMPORTED, () => ({ pool_warn_at: 5 })],
  stacking: [nothing, () => ({ stacking: 'exclusive' })],
  stack_group: [GROUP, () => ({ stack_group: 'b' })],
  stack_order: [nothing, () => ({ stack_order: 900 })],
  per_customer_limit: [nothing, LIMITED],
  per_customer_period: [LIMITED, () => ({ per_customer_period: 'day' })],
  total_limit: [nothing, () => ({ total_limit: 1 })],
  unit_cost: [() => ({ budget_id: named.budget! }), () => ({ unit_cost: '4.00' })],
  budget_amount: [nothing, () => ({ budget_amount: '15.00' })],
  budget_id: [nothing, () => ({ budget_id: named.budget! })],
  message_channels: [() => ({ remind_hours: 100 }), () => ({ message_channels: ['sms'] })],
  remind_hours: [nothing, () => ({ remind_hours: 100 })],
  reminder_id: [() => ({ remind_hours: 100 }), () => ({ reminder_id: named.reminder! })],
};
/** Names, and words for people. */
const ELSEWHERE = ['code', 'name', 'name_en', 'terms'];

test('every field of a template is among them', () => {
  const fields = Object.entries(templates.fields)
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
/** Who has ordered before claims one that they had three days ago, and another; and what it comes to beside one of group a. */
async function story(settings: Row): Promise<unknown> {
  const external_id = `cs${++number}`;
  const code = `cs_${number}`;
  const ask = a.as('operator');
  const customer = await make('customers', { external_id, enrolled_at: '2020-01-01T00:00:00Z' });
  await b.member(customer, 'active', '2020-01-01');
  await sql`insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount)
    values (${customer}, 'test', ${external_id}, now() - interval '9 days', current_date - 9, 10)`.execute(t.owner);
  const usual = { kind: 'fixed', status: 'active', amount: '10.00', distribution: 'claim', valid_for: 3 };
  const template = await make('coupon_templates', {
    ...{ code, name: code, name_en: code, stacking: 'stackable', ...usual, ...settings },
  });
  const other = await make('coupon_templates', {
    ...{
      code: `${code}_o`,
      name: 'o',
      name_en: 'o',
      stacking: 'group',
      stack_group: 'a',
      ...usual,
      kind: 'percentage',
    },
    ...{ amount: null, discount_rate: '0.5', max_discount: '99.00' },
  });
  if (settings.code_mode === 'imported')
    await sql`insert into app.coupon_codes (template_id, code) select ${template}, 'POOL-' || ${number}::text || '-' || n from generate_series(1, 4) as n`.execute(
      t.owner,
    );
  const lines = await b.lines(named.budget!);
  const claim = async (of: string) => {
    const answer = await ask('POST', '/api/v1/coupons/claim', {
      ...{ external_id: `${external_id} ${++number}`, customer_external_id: external_id, template: of },
    });
    const said = (await answer.json()) as Row;
    return answer.status < 300
      ? { coupon: said.coupon as string, status: said.status }
      : { refused: Object.values((said as unknown as ApiError).errors ?? {}).map(({ key }) => key) };
  };
  const first = await claim(code);
  const whole = await sql<Row>`
    select status, code is not null as coded, left(code, 2) as pattern,
      round(extract(epoch from valid_until_at - now()) / 3600) as hours,
      round(extract(epoch from activate_until_at - now()) / 3600) as activate,
      round(extract(epoch from valid_from_at - now()) / 3600) as begins
    from app.coupons where template_id = ${template}`.execute(t.db);
  const beside = await claim(`${code}_o`);
  const tokens = [first.coupon, beside.coupon].filter(Boolean);
  const basket = {
    ...{ customer_external_id: external_id, shipping_fee: '8.00', coupons: tokens },
    lines: [{ sku: 'TEA', quantity: 5, unit_price: '20.00' }],
  };
  const quoted = async () => {
    const { coupons, total } = (await (await ask('POST', '/api/v1/coupons/quote', basket)).json()) as Row;
    return {
      total,
      coupons: (coupons as Row[] | undefined)?.map(({ discount_amount, refusal, gift, place }) => ({
        ...{ discount_amount, refusal, gift, place },
      })),
    };
  };
  const alone = first.coupon ? await quoted() : null;
  await sql`update app.coupons set issued_at = issued_at - interval '3 days' where customer_id = ${customer}`.execute(
    t.owner,
  );
  const second = await claim(code);
  await sql`select ops.release_coupons(current_date)`.execute(t.db);
  const reminders = await sql<Row>`
    select channels from app.coupon_reminders where customer_id = ${customer} order by coupon_id`.execute(t.db);
  await sql`select ops.send_reminders(current_date)`.execute(t.db);
  const messages = await sql<Row>`
    select template_id, channel from app.messages where customer_id = ${customer} and source = 'reminder:coupon'
    order by id`.execute(t.db);
  const pool = await sql<Row>`select low from base.coupon_pools where template_id = ${template}`.execute(t.db);
  const after = await b.lines(named.budget!);
  const money = after.map((line, at) => Number(line.reserved) - Number(lines[at]!.reserved));
  await sql`update app.coupon_templates set status = 'ended' where id in (${template}, ${other})`.execute(t.owner);
  const told = ({ status, refused }: { status?: unknown; refused?: unknown }) => ({ status, refused });
  return {
    ...{ first: told(first), second: told(second), whole: whole.rows, alone, money },
    ...{ reminders: reminders.rows, messages: messages.rows, pool: pool.rows },
  };
}
