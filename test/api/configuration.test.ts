/** Coupon templates, benefits, packages and goals: every rule broken once, in both languages, at its field. */
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import type { DB } from '../../api/schema.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { refusals } from './refusals.ts';

let t: TestDatabase;
let a: TestApp;
let segments: Map<unknown, number>;
let tiers: Map<unknown, number>;
beforeAll(async () => {
  t = await testDatabase();
  await t.owner.transaction().execute(applyDefaults);
  a = await testApp(t);
  segments = new Map((await read('segments')).map((each) => [each.code, each.id as number]));
  tiers = new Map((await read('tiers')).map((each) => [each.code, each.id as number]));
  benefits = new Map((await read('benefits')).map((each) => [each.code, each.id as number]));
  await t.db.insertInto('app.products').values({ external_id: 'p1', name: '茶', category: '茶饮' }).execute();
});
afterAll(() => t?.close());

async function read(resource: string, search = '_sort=id'): Promise<Row[]> {
  const answer = await a.as('operator')('GET', `/api/${resource}?${search}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Row[];
}
async function made(resource: string, values: Row): Promise<Row> {
  const answer = await a.as('operator')('POST', `/api/${resource}`, values);
  const body = (await answer.json()) as Row;
  expect(answer.status, JSON.stringify(body)).toBe(201);
  return body;
}
async function patch(resource: string, id: unknown, values: Row) {
  const answer = await a.as('operator')('PATCH', `/api/${resource}/${id}`, values);
  return { status: answer.status, body: (await answer.json()) as Row & Partial<ApiError> };
}
let benefits: Map<unknown, number>;
const item = (benefit: string): Row => ({ benefit_id: benefits.get(benefit)! });
let number = 0;
const code = () => `made_${++number}`;

type Case = [what: string, change: Row | (() => Row), field: string, zh: string, en: string];
function refusesAll(resource: string, right: () => Row, cases: Case[]): void {
  test.each(cases)('%s', async (_, change, field, zh, en) => {
    const values = { ...right(), ...(typeof change === 'function' ? change() : change) };
    expect(await refusals(a, resource, values)).toEqual({
      [field]: [expect.stringContaining(zh), expect.stringContaining(en)],
    });
  });
}

describe('a coupon template is refused that', () => {
  const right = (): Row => ({
    ...{ code: code(), name: '满200减80', name_en: '80 off 200', kind: 'threshold', amount: '80', min_spend: '200' },
    ...{ valid_for: 72, valid_unit: 'hours' },
  });
  const fixed = {
    validity_kind: 'fixed',
    valid_from_at: '2026-03-01T00:00:00Z',
    valid_until_at: '2026-04-01T00:00:00Z',
  };
  refusesAll('coupon_templates', right, [
    ['takes nothing off', { amount: null }, 'amount', '请填写减免金额', 'Amount off is required'],
    ['takes off as much as is spent', { min_spend: '80' }, 'min_spend', '须高于减免金额', 'above the amount'],
    ['has a share that is none', { kind: 'percentage', max_discount: '50' }, 'discount_rate', '大于 0', 'above 0'],
    [
      'takes everything off',
      { kind: 'percentage', discount_rate: '1', max_discount: '50' },
      'discount_rate',
      '小于 100%',
      'below 100%',
    ],
    ['has a share above 1', { kind: 'percentage', discount_rate: '20', max_discount: '50' }, 'discount_rate', '1', '1'],
    ['has no cap', { kind: 'percentage', discount_rate: '0.2' }, 'max_discount', '最高减免', 'its cap'],
    ['gives no gift', { kind: 'gift' }, 'gift_product_id', '赠送的商品', 'Choose the gift'],
    [
      'gives a gift that is none',
      { kind: 'gift', gift_product_id: 999_999 },
      'gift_product_id',
      '赠送商品',
      'Gift product',
    ],
    ['is for no category', { scope: 'categories' }, 'categories', '请填写品类', 'Categories'],
    [
      'is for a category nobody sells',
      { scope: 'categories', categories: ['茶饮', '手机'] },
      'categories',
      '手机',
      '手机',
    ],
    ['is for no product', { scope: 'products' }, 'products', '请选择商品', 'Products'],
    ['is for a tier that is none', { tiers: [999_999] }, 'tiers', '会员等级', '999999'],
    ['lasts no time', { valid_for: null }, 'valid_for', '有效时长', 'Valid for is required'],
    ['never ends', { ...fixed, valid_until_at: null }, 'valid_until_at', '失效时间', 'Valid until'],
    [
      'ends before it begins',
      { ...fixed, valid_until_at: '2026-02-01T00:00:00Z' },
      'valid_until_at',
      '须晚于',
      'after it begins',
    ],
    [
      'is claimed until before it is claimed from',
      { distribution: 'claim', claim_from_at: '2026-03-02T00:00:00Z', claim_until_at: '2026-03-01T00:00:00Z' },
      'claim_until_at',
      '须晚于领取开始',
      'after it begins',
    ],
    [
      'is claimed after it has ended',
      { ...fixed, distribution: 'claim', claim_until_at: '2026-05-01T00:00:00Z' },
      'claim_until_at',
      '领到即过期',
      'claimed expired',
    ],
    ['waits for no event', { activation: 'event' }, 'activation_event', '激活事件', 'Event'],
    ['has codes without a pattern', { code_mode: 'generated' }, 'code_pattern', '券码规则', 'Pattern'],
    ['has too short codes', { code_mode: 'generated', code_pattern: 'A-###' }, 'code_pattern', '券码规则', 'Pattern'],
    ['is redeemed by a code it lacks', { distribution: 'code' }, 'code_mode', '须有券码', 'needs codes'],
    ['is of no group', { stacking: 'group' }, 'stack_group', '互斥组', 'Group'],
    [
      'gives one more than there are',
      { per_customer_limit: 11, total_limit: 10 },
      'per_customer_limit',
      '不能多于',
      'more than',
    ],
    [
      'costs more than its budget',
      { unit_cost: '80', budget_amount: '79.99' },
      'budget_amount',
      '一张券',
      'one coupon',
    ],
    ['goes out by pigeon', { message_channels: ['pigeon'] }, 'message_channels', 'pigeon', 'pigeon'],
  ]);

  test('keeps only what its kind has', async () => {
    const made_one = await made('coupon_templates', {
      ...right(),
      kind: 'free_shipping',
      discount_rate: '0.2',
      stack_group: 'x',
    });
    expect(made_one).toMatchObject({ amount: null, discount_rate: null, stack_group: null, min_spend: '200.00' });
  });

  test('ends while a benefit gives it', async () => {
    const [newcomer] = await read('coupon_templates', 'code=newcomer_gift');
    const refused = await refusals(a, 'coupon_templates', { status: 'ended' }, newcomer!.id as number);
    expect(refused).toEqual({
      status: [expect.stringContaining('“新人礼”'), expect.stringContaining('“Newcomer gift”')],
    });
    expect((await a.as('operator')('DELETE', `/api/coupon_templates/${newcomer!.id}`)).status).toBe(409);
  });
});

describe('a benefit is refused that', () => {
  const right = (): Row => ({
    ...{ code: code(), name: '免邮', name_en: 'Free shipping', layer: 'basic', kind: 'free_shipping' },
    ...{ quota: 2, quota_period: 'month' },
  });
  refusesAll('benefits', right, [
    ['counts without a period', { quota_period: null }, 'quota_period', '计次周期', 'Period'],
    ['has no quota but zero', { quota: 0 }, 'quota', '1', '1'],
    [
      'carries over what never ends',
      { carry_over: true, quota_period: 'lifetime' },
      'carry_over',
      '不能结转',
      'no next period',
    ],
    [
      'multiplies by one',
      { kind: 'point_multiplier', point_multiplier: '1', quota: null, quota_period: null },
      'point_multiplier',
      '大于 1',
      'above 1',
    ],
    ['takes nothing off', { kind: 'discount' }, 'discount_rate', '大于 0', 'above 0'],
    ['gives no coupon', { kind: 'coupon' }, 'coupon_template_id', '优惠券', 'Choose Coupon'],
    ['gives codes of nothing', { fulfilment: 'code' }, 'coupon_template_id', '优惠券', 'Choose Coupon'],
    ['is of no tier', { layer: 'tier' }, 'tiers', '会员等级', 'Tiers'],
    ['is for a segment that is none', { segments: [5] }, 'segments', '客群', '5'],
    ['lasts for no days', { occasion: 'enrolment' }, 'occasion_days', '时机有效天数', 'Days after'],
    [
      'ends before it starts',
      { starts_on: '2026-03-02', ends_on: '2026-03-01' },
      'ends_on',
      '不能早于',
      'not end before',
    ],
    ['nobody does', { fulfilment: 'manual', handle_hours: 24 }, 'owner_role', '处理角色', 'Done by'],
    ['takes for ever', { fulfilment: 'manual', owner_role: 'operator' }, 'handle_hours', '时限', 'Within hours'],
    ['reminds by nothing', { remind_days: 3 }, 'remind_channels', '提醒渠道', 'Reminded by'],
    [
      'asks for what nobody knows of a customer',
      { customer_condition: { shoe_size: { gt: 40 } } },
      'customer_condition',
      'shoe_size',
      'shoe_size',
    ],
  ]);

  test('is active with a coupon that is not', async () => {
    const coupon = await made('coupon_templates', {
      ...{ code: code(), name: '草稿券', name_en: 'Draft', kind: 'fixed', amount: '5', valid_for: 1 },
    });
    const values = { ...right(), kind: 'coupon', coupon_template_id: coupon.id!, status: 'active' };
    expect(Object.keys(await refusals(a, 'benefits', values))).toEqual(['coupon_template_id']);
    expect((await patch('coupon_templates', coupon.id, { status: 'active' })).status).toBe(200);
    await made('benefits', values);
  });

  test('is retired while a package has it', async () => {
    const [early] = await read('benefits', 'code=early_access');
    const refused = await refusals(a, 'benefits', { status: 'retired' }, early!.id as number);
    expect(refused).toEqual({
      status: [expect.stringContaining('季度权益卡'), expect.stringContaining('Quarterly benefit card')],
    });
  });
});

describe('a package is refused that', () => {
  const right = (): Row => ({ code: code(), name: '权益卡', name_en: 'Card', segments: [segments.get('active')!] });
  refusesAll('benefit_packages', right, [
    [
      'lasts an unknown number of days',
      { grant_kind: 'on_entry', period: 'days' },
      'period_days',
      '请填写天数',
      'Days is required',
    ],
    ['starts with periods it has not', { period: 'days', period_days: 30 }, 'period', '自然月', 'calendar month'],
    ['is for nobody', { segments: [] }, 'segments', '等级或客群', 'tiers or segments'],
    [
      'ends before it starts',
      { starts_on: '2026-03-02', ends_on: '2026-03-01' },
      'ends_on',
      '不能早于',
      'not end before',
    ],
    ['reminds by nothing', { remind_days: 3 }, 'remind_channels', '提醒渠道', 'Reminded by'],
    ['is granted empty', { status: 'active' }, 'items', '还没有权益', 'no benefit'],
    [
      'has a benefit twice',
      () => ({ items: [item('early_access'), item('early_access')] }),
      'items.1.benefit_id',
      '权益',
      'Benefit',
    ],
    ['has a benefit that is none', { items: [{ benefit_id: 999_999 }] }, 'items.0.benefit_id', '权益', 'Benefit'],
    ['has a benefit no times', () => ({ items: [{ ...item('early_access'), quota: 0 }] }), 'items.0.quota', '1', '1'],
    ['has nothing where a benefit should be', { items: [{ quota: 1 }] }, 'items.0.benefit_id', '权益', 'Benefit'],
  ]);

  test('has a benefit that is a draft', async () => {
    const draft = await made('benefits', {
      ...{ code: code(), name: '草稿', name_en: 'Draft', layer: 'custom', kind: 'other' },
    });
    const values = { ...right(), items: [{ benefit_id: draft.id! }] };
    expect(Object.keys(await refusals(a, 'benefit_packages', values))).toEqual(['items.0.benefit_id']);
  });

  test('would be active with a benefit that is being retired, however many do both at once', async () => {
    const CLIENTS = 32;
    const contested = await Promise.all(
      Array.from({ length: CLIENTS / 2 }, () =>
        made('benefits', {
          ...{ code: code(), name: '抢手', name_en: 'Contested', layer: 'custom', kind: 'other', status: 'active' },
        }),
      ),
    );
    const answers = await Promise.all(
      contested.flatMap(({ id }, at) => [
        // Spread over the time that the others take.
        new Promise((go) => setTimeout(go, 5 * at)).then(() => patch('benefits', id, { status: 'retired' })),
        a.as('operator')('POST', '/api/benefit_packages', {
          ...right(),
          status: 'active',
          items: [{ benefit_id: id! }],
        }),
      ]),
    );
    expect(answers.map((each) => each.status).filter((each) => ![200, 201, 422].includes(each))).toEqual([]);
    const broken = await t.db
      .selectFrom('app.benefit_package_items')
      .innerJoin('app.benefit_packages', 'app.benefit_packages.id', 'app.benefit_package_items.package_id')
      .innerJoin('app.benefits', 'app.benefits.id', 'app.benefit_package_items.benefit_id')
      .select('app.benefit_packages.code')
      .where('app.benefit_packages.status', '=', 'active')
      .where('app.benefits.status', '<>', 'active')
      .execute();
    expect(broken).toEqual([]);
  });
});

test('who makes a package active waits for who retires its benefit, and is refused then', async () => {
  const { id } = await made('benefits', {
    ...{ code: code(), name: '先后', name_en: 'In turn', layer: 'custom', kind: 'other', status: 'active' },
  });
  const guard = (trx: Kysely<DB>, name: string, record_id: unknown, before: string | null, after: string) => {
    const status = (value: string | null) => sql`${value && JSON.stringify({ status: value })}::jsonb`;
    return sql`select ${sql.id('ops', name)}(${record_id}::bigint, 1, ${status(before)}, ${status(after)})`.execute(
      trx,
    );
  };
  const activate = () =>
    t.db.transaction().execute(async (trx) => {
      const made_one = { code: code(), name: '卡', name_en: 'Card', status: 'active' };
      const card = await trx
        .insertInto('app.benefit_packages')
        .values(made_one)
        .returning('id')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('app.benefit_package_items')
        .values({ package_id: card.id, benefit_id: id as number })
        .execute();
      await guard(trx, 'guard_benefit_packages', card.id, null, 'active');
    });
  let second: Promise<void> | undefined;
  await t.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('app.benefits')
      .set({ status: 'retired' })
      .where('id', '=', id as number)
      .execute();
    await guard(trx, 'guard_benefits', id, 'active', 'retired');
    second = activate();
    const settled = second.then(
      () => 'done',
      () => 'refused',
    );
    const patience = new Promise((go) => setTimeout(go, 300, 'waits'));
    expect(await Promise.race([settled, patience])).toBe('waits');
  });
  await expect(second).rejects.toMatchObject({ code: 'EG422' });
});

describe('a goal is refused that', () => {
  const right = (): Row => ({
    ...{ name: '复购', name_en: 'Repurchase', stage: 'short', metric: 'repurchase_rate', target_rate: '0.3' },
    ...{ from_month: 0, to_month: 3 },
  });
  refusesAll('goals', right, [
    ['aims at nothing', { target_rate: null }, 'target_rate', '大于 0', 'above 0'],
    ['has no number', { measure: 'number' }, 'target_value', '大于 0', 'above 0'],
    ['has no points', { target_kind: 'points' }, 'target_value', '大于 0', 'above 0'],
    [
      'has money in points',
      { measure: 'money', target_kind: 'points', target_value: '5' },
      'target_kind',
      '没有“点”',
      'no points',
    ],
    ['is a range upside down', { target_rate_max: '0.2' }, 'target_rate_max', '须高于', 'above the target'],
    ['is reached already', { baseline_rate: '0.3' }, 'target_rate', '比基线更好', 'better than'],
    [
      'falls to more',
      { measure: 'number', direction: 'down', baseline_value: '5', target_value: '6' },
      'target_value',
      '比基线更好',
      'better than',
    ],
    ['ends before it begins', { from_month: 3 }, 'to_month', '须晚于', 'after it begins'],
    ['is of an unknown metric', { metric: 'happiness' }, 'metric', 'happiness', 'happiness'],
    ['weighs more than all', { weight: 101 }, 'weight', '100', '100'],
  ]);

  test('stands there already for the stage, the metric and the segment', async () => {
    await made('goals', right());
    const refused = await refusals(a, 'goals', right());
    expect(Object.keys(refused)).toContain('metric');
  });
});

describe('the default programme', () => {
  test('has the coupons of the programme with their numbers', async () => {
    const rows = new Map((await read('coupon_templates')).map((each) => [each.code, each]));
    expect(rows.get('dormant_200_80')).toMatchObject({
      ...{ kind: 'threshold', amount: '80.00', min_spend: '200.00', valid_for: 72, valid_unit: 'hours' },
      ...{ message_channels: ['sms', 'push', 'community'], segments: [segments.get('dormant')] },
    });
    const numbers = (name: string, field: string) => rows.get(name)?.[field];
    expect(numbers('newcomer_second_50', 'amount')).toBe('50.00');
    expect(numbers('newcomer_invite_20', 'amount')).toBe('20.00');
    expect(numbers('referral_100', 'amount')).toBe('100.00');
    expect(numbers('referral_group_200', 'amount')).toBe('200.00');
    expect(rows.get('friend_first_50')).toMatchObject({ amount: '50.00', first_order_only: true });
    expect(numbers('friend_first_10_off', 'discount_rate')).toBe('0.1000');
    expect(numbers('refer_friend_20_off', 'discount_rate')).toBe('0.2000');
    expect(rows.get('organisation_5_off')).toMatchObject({ discount_rate: '0.0500', min_spend: '5000.00' });
    expect(rows.get('starter_pack_30')).toMatchObject({ activation: 'event', activation_event: 'first_referral' });
  });

  test('has benefits in three layers, service from gold on, and a card of ten for active customers', async () => {
    const rows = await read('benefits');
    const ours = rows.filter((each) => !String(each.code).startsWith('made_'));
    const layer = (name: string) => ours.filter((each) => each.layer === name).map((each) => each.code);
    expect(layer('basic')).toEqual(['points_exchange', 'free_shipping', 'birthday_gift']);
    expect(layer('advanced')).toEqual(['dedicated_service', 'customised_product']);
    expect(layer('emotional')).toEqual(['brand_event', 'user_story']);
    expect(rows.find((each) => each.code === 'dedicated_service')?.tiers).toEqual([
      tiers.get('gold'),
      tiers.get('platinum'),
    ]);
    expect(rows.find((each) => each.code === 'birthday_double_points')).toMatchObject({
      ...{ point_multiplier: '2.00', occasion: 'birthday_month' },
    });
    expect(rows.find((each) => each.code === 'monthly_exchange')).toMatchObject({ quota: 1, quota_period: 'month' });
    const [card] = await read('benefit_packages', 'code=quarter_card');
    expect(card).toMatchObject({
      item_count: 10,
      period: 'quarter',
      segments: [segments.get('active')],
      status: 'active',
    });
    const whole = (await (await a.as('viewer')('GET', `/api/benefit_packages/${card?.id}`)).json()) as Row;
    const items = whole.items as Row[];
    const names = new Map(rows.map((each) => [each.id, each.code]));
    expect(items.map((each) => [names.get(each.benefit_id!), each.quota])).toEqual([
      ['birthday_double_points', null],
      ['monthly_exchange', null],
      ['early_access', null],
      ['flash_sale_access', 6],
      ['free_shipping', 6],
      ['birthday_gift', 1],
      ['dedicated_service', null],
      ['customised_product', 1],
      ['brand_event', 1],
      ['quarter_coupon', 1],
    ]);
    // 3 exchanges of 12, 6 shipments of 8, a gift of 35, a customised product of 80, an event of 120, a coupon of 50.
    expect(card?.grant_cost).toBe('369.00');
  });

  test('has the targets of each stage', async () => {
    const rows = await read('goals', '_sort=id&_labels=1');
    expect(rows.map((each) => [each.stage, each.metric, each.target_text]).slice(0, 13)).toEqual([
      ['short', 'new_customer_repurchase_30d', '20% → 35%'],
      ['short', 'wake_up_rate', '≥ 15%'],
      ['mid', 'aov_net', '+25%'],
      ['mid', 'tier_upgrade_rate', '+20%'],
      ['long', 'nps', '+10 pt'],
      ['long', 'clv_12m', '+40%'],
      ['referral', 'referral_share', '15–20%'],
      ['referral', 'referral_participation', '≥ 30%'],
      ['referral', 'first_order_conversion', '≥ 40%'],
      ['referral', 'referred_repurchase_rate', '+10%'],
      ['referral', 'testimonials', '≥ 100'],
      ['programme', 'churn_rate', '−5%'],
      ['programme', 'csat', '+10%'],
    ]);
    const nps = rows.find((each) => each.metric === 'nps');
    expect([nps?.from_month, nps?.to_month, nps?.due_on]).toEqual([6, 12, null]);
    await t.db.updateTable('app.settings').set({ started_on: '2026-01-31' }).execute();
    const [short] = await read('goals', 'metric=wake_up_rate');
    expect([short?.starts_on, short?.due_on]).toEqual(['2026-01-31', '2026-04-29']);
  });

  test.each(['tiers', 'coupon_templates', 'benefits', 'benefit_packages', 'goals'])(
    'passes its own rules when its %s are saved again',
    async (resource) => {
      for (const row of await read(resource)) {
        const { status, body } = await patch(resource, row.id, { name_en: `${String(row.name_en)}.` });
        expect(status, JSON.stringify([row.code, body])).toBe(200);
      }
    },
  );
});
