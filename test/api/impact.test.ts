/** POST /api/:resource/_impact: what a form asks before it saves. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Impact } from '../../api/contract.ts';
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
