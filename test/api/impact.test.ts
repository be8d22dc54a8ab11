/** POST /api/:resource/_impact: what a form asks before it saves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Impact } from '../../api/contract.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import { dayIn, readProgramme } from '../../api/programme.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const RESOURCE = 'segment_rule_set_versions';
let t: TestDatabase;
let app: TestApp;
let operator: Ask;
let rule_set_id: number;
let draft: number;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  operator = app.as('operator');
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 'i1', channel: 'store', enrolled_on: '2026-01-01' },
      { external_id: 'i2', channel: 'online', enrolled_on: '2026-01-01' },
      { external_id: 'i3', channel: 'store', enrolled_on: '2026-01-02' },
    ])
    .execute();
  const set = await t.db
    .insertInto('app.segment_rule_sets')
    .values({ code: 'impact', name: 'I', name_en: 'I' })
    .returning('id')
    .executeTakeFirstOrThrow();
  rule_set_id = set.id;
  const version = await t.db
    .insertInto('app.segment_rule_set_versions')
    .values({ rule_set_id, number: 1, rules: '[]' })
    .returning('id')
    .executeTakeFirstOrThrow();
  draft = version.id;
});
afterAll(() => t?.close());

async function impact<T = Impact>(body: unknown, { ask = operator, resource = RESOURCE } = {}) {
  const response = await ask('POST', `/api/${resource}/_impact`, body);
  return { status: response.status, body: (await response.json()) as T };
}
const rules = (condition = { channel: { eq: 'store' } } as object) => [
  { code: 'store', name: '门店', name_en: 'Store', condition },
];

test('says whom what is in the form would take, and saves nothing', async () => {
  const { status, body } = await impact({ id: draft, values: { rules: rules(), effective_from: '2026-02-01' } });

  expect(status).toBe(200);
  expect(body.lines.length).toBeGreaterThan(0);
  const sizes = body.tables[0]!.rows.map((row) => Object.values(row).flat());
  expect(sizes.some((row) => row.includes('Store') && row.includes(2))).toBe(true);
  expect(body.took_ms).toBeGreaterThanOrEqual(0);
  const saved = await t.db
    .selectFrom('app.segment_rule_set_versions')
    .select(['rules', 'version'])
    .where('id', '=', draft)
    .executeTakeFirstOrThrow();
  expect(saved).toEqual({ rules: [], version: 1 });
});

test('of a whole record, as a form sends it, is that of what may be written in it', async () => {
  const values = {
    id: draft,
    version: 7,
    state: 'published',
    title: 'x',
    rules: rules(),
    effective_from: '2026-02-01',
  };
  const { status, body } = await impact({ id: draft, values });
  expect(status).toBe(200);
  expect(JSON.stringify(body.tables)).toContain('Store');
});

test('of what could not be saved is refused at its field', async () => {
  const { status, body } = await impact<ApiError>({ id: draft, values: { effective_from: 'soon' } });
  expect([status, Object.keys(body.errors!)]).toEqual([422, ['effective_from']]);
  const wrong = await impact<ApiError>({
    id: draft,
    values: { rules: rules({ shoe_size: { eq: 44 } }) },
  });
  expect(wrong.status).toBe(422);
});

test('is asked for by those who may write the record, of records and resources that have one', async () => {
  expect((await impact({ id: draft, values: {} }, { ask: app.as('viewer') })).status).toBe(403);
  expect((await app.anyone('POST', `/api/${RESOURCE}/_impact`, { values: {} })).status).toBe(401);
  expect((await impact({ id: 999_999, values: {} })).status).toBe(404);
  const none = await impact<ApiError>({ values: {} }, { resource: 'products' });
  expect([none.status, none.body.key]).toEqual([404, 'no_impact']);
  expect((await impact<ApiError>({ id: '1; drop table', values: {} })).body.errors).toHaveProperty('id');
  expect((await impact<ApiError>({ id: draft, values: [1] })).body.errors).toHaveProperty('values');
  expect((await impact('{"id":')).status).toBe(400);
});

test('counts nobody whom the reader may not see, and says so', async () => {
  const admin = app.as('administrator');
  const limit = async (resource: string, change: object, version: number) => {
    const answer = await admin('PUT', `/api/_permissions/operator/${resource}`, change, {
      'if-match': `"${version}"`,
    });
    expect(answer.status, await answer.text()).toBe(200);
  };
  const values = { rules: rules(), effective_from: '2026-02-01' };
  const storeOf = (body: Impact) =>
    body.tables[0]!.rows.find((row) => String(row.segment).includes('Store'))!.customers;
  const whole = await impact({ id: draft, values });
  expect([storeOf(whole.body), JSON.stringify(whole.body.lines)]).toEqual([2, expect.not.stringContaining('您')]);

  await limit('customers', { rows: { mode: 'where', where: { external_id: { ne: 'i3' } } } }, 0);
  const some = await impact({ id: draft, values });
  expect(storeOf(some.body)).toBe(1);
  expect(some.body.lines[0]).toMatchObject({
    text: [expect.stringContaining('只统计您可查看的客户'), expect.anything()],
  });
  const campaign = {
    ...{ code: 'seen', name: 'S', name_en: 'S', form: 'benefit_day', starts_on: '2099-01-01' },
    audience_filter: { channel: { eq: 'store' } },
  };
  const audience = await impact({ values: campaign }, { resource: 'campaigns' });
  expect(audience.body.lines.map((line) => line.text[0]).join()).toContain('有 1 位目标客户');

  // Who sees no customers may not even ask about one of their fields.
  await limit('customers', { letters: '' }, 1);
  expect((await impact({ id: draft, values })).status).toBe(403);
  const all = await impact({ id: draft, values: { ...values, rules: [] } });
  expect(JSON.stringify(all.body.lines)).toContain('0 位客户');
  await limit('customers', {}, 2);
});

test('of a tier says who reaches it, before and after, by each kind of period', async () => {
  const people = await t.db
    .selectFrom('app.customers')
    .select('id')
    .where('external_id', 'like', 'i_')
    .orderBy('id')
    .execute();
  const [one, two] = people.map((each) => each.id);
  const today = new Date();
  // Days of the programme, which begin while it is still the day before elsewhere.
  const { time_zone } = await readProgramme(t.db);
  const ago = (days: number) => shiftDate(dayIn(time_zone, today), -days)!;
  await t.owner
    .insertInto('app.customer_day')
    .values([
      { customer_id: one!, day: ago(20), order_count: 1, amount: '1200', returned_amount: '300' },
      { customer_id: two!, day: ago(20), order_count: 4, amount: '1000', returned_amount: '0' },
      { customer_id: two!, day: ago(500), order_count: 1, amount: '5000', returned_amount: '0' },
    ])
    .execute();
  await t.db.deleteFrom('app.tiers').execute();
  const tier = (values: object) => ({
    ...{ basis: 'spend', window_kind: 'rolling', window_days: 365, downgrade: 'one_step', validity_kind: 'forever' },
    ...{ name: 'x', name_en: 'x', code: 'x', rank: 1, validity_months: null, ...values },
  });
  await t.db
    .insertInto('app.tiers')
    .values([
      tier({ code: 'base', name: '普通', name_en: 'Base', rank: 0, enter_at: '0' }),
      tier({ code: 'silver', name: '银卡', name_en: 'Silver', rank: 1, enter_at: '1000' }),
    ])
    .execute();
  const { id } = await t.db.selectFrom('app.tiers').select('id').where('code', '=', 'silver').executeTakeFirstOrThrow();
  const reach = async (values: object) => {
    const { status, body } = await impact({ id, values }, { resource: 'tiers' });
    expect(status, JSON.stringify(body)).toBe(200);
    return body.tables[0]!.rows.map((row) => [(row.tier as string[])[1], row.was, row.becomes]);
  };
  // Spend is what was kept: 900 and 1,000 within the year.
  expect(await reach({})).toEqual([
    ['Silver', 1, 1],
    ['Base', 2, 2],
  ]);
  expect(await reach({ enter_at: '900', retain_at: null })).toContainEqual(['Silver', 1, 2]);
  expect(await reach({ basis: 'orders', enter_at: '4' })).toContainEqual(['Silver', 1, 1]);
  expect(await reach({ enter_at: '5500', window_kind: 'lifetime' })).toContainEqual(['Silver', 1, 1]);
  expect(await reach({ enter_at: '5500' })).toContainEqual(['Silver', 1, 0]);
  expect(await reach({ window_days: 20 })).toContainEqual(['Silver', 1, 1]);
  expect(await reach({ window_days: 19 })).toContainEqual(['Silver', 1, 0]);
  const lot = {
    customer_id: one!,
    origin_kind: 'order',
    rule_id: 1,
    earned_on: ago(5),
    earned_at: today.toISOString(),
  };
  await t.owner
    .insertInto('app.points_lots')
    .values(
      (['growth', 'points'] as const).map((account, at) => ({
        ...{ ...lot, account, origin_id: at, available_at: today.toISOString(), raw_points: '100' },
        ...(at === 0 ? { issued: 100, available: 70, pending: 10, reversed: 20 } : { issued: 900, available: 900 }),
      })),
    )
    .execute();
  expect(await reach({ basis: 'growth', enter_at: '70' })).toContainEqual(['Silver', 1, 1]);
  expect(await reach({ basis: 'growth', enter_at: '71' })).toContainEqual(['Silver', 1, 0]);
  const more = { criteria: [{ basis: 'orders', window_kind: 'lifetime', enter_at: '1' }] };
  expect(await reach({ ...more, criteria_match: 'any' })).toContainEqual(['Silver', 1, 2]);
  expect(await reach({ ...more, criteria_match: 'all' })).toContainEqual(['Silver', 1, 1]);
  const { body } = await impact({ id, values: { enter_at: '900', retain_at: null } }, { resource: 'tiers' });
  expect(body.tables[1]!.rows).toEqual([{ from: ['普通', 'Base'], to: ['银卡', 'Silver'], customers: 1 }]);
  expect(body.lines[0]!.text[0]).toContain('1 位升高，0 位降低');
});
