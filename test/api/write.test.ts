import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

/** Entered by invitation, so that tiers of different tests never stand in each other's way. */
const SILVER = { code: 'silver', name: '银卡', name_en: 'Silver', rank: 2, basis: 'invitation', window_days: 365 };

async function read<T = Row>(answer: Response): Promise<T> {
  return (await answer.json()) as T;
}
async function audited(resource: string, id: number) {
  return t.db
    .selectFrom('app.audit_entries')
    .selectAll()
    .where('resource', '=', resource)
    .where('record_id', '=', id)
    .orderBy('id')
    .execute();
}
async function make(values: Row): Promise<Row> {
  const answer = await a.as('operator')('POST', '/api/tiers', values);
  const body = await read(answer);
  expect(answer.status, JSON.stringify(body)).toBe(201);
  return body;
}

describe('creating', () => {
  test('gives the record as a read gives it, and leaves its audit in the same transaction', async () => {
    const created = await a.as('operator')('POST', '/api/tiers', { ...SILVER, basis: undefined, enter_at: '1000' });
    expect(created.status).toBe(201);
    expect(created.headers.get('etag')).toBe('"1"');
    const body = await created.text();
    const { id } = JSON.parse(body) as { id: number };
    const again = await a.as('operator')('GET', `/api/tiers/${id}`);
    expect(await again.text()).toBe(body);
    expect(again.headers.get('etag')).toBe('"1"');
    expect(JSON.parse(body)).toMatchObject({
      enter_at: '1000.00',
      basis: 'growth',
      point_multiplier: '1.00',
      version: 1,
    });
    const [entry] = await audited('tiers', id);
    expect(entry).toMatchObject({ action: 'create', actor: 'Test operator', user_id: a.id('operator'), before: null });
    expect(entry?.after).toMatchObject({ code: 'silver', enter_at: '1000.00' });
    expect(entry?.request_id).toBeTruthy();
  });

  test('says everything that is wrong, per field, and writes nothing', async () => {
    const answer = await a.as('operator')('POST', '/api/tiers', {
      code: 'Bad Code',
      name: '',
      rank: -1,
      enter_at: 'x',
    });
    expect(answer.status).toBe(422);
    const { errors } = await read<ApiError>(answer);
    expect(Object.keys(errors!).sort()).toEqual(['code', 'enter_at', 'name', 'name_en', 'rank', 'window_days']);
    expect(await t.db.selectFrom('app.tiers').select('id').where('name', '=', '').execute()).toEqual([]);
  });

  test('names the field of a value that is taken', async () => {
    await make({ ...SILVER, code: 'taken', rank: 77 });
    const answer = await a.as('operator')('POST', '/api/tiers', { ...SILVER, code: 'taken', rank: 78 });
    expect(answer.status).toBe(422);
    expect((await read<ApiError>(answer)).errors).toMatchObject({ code: { key: 'unique' } });
  });

  test('is refused to roles without the grant, in their language', async () => {
    const answer = await a.as('viewer')('POST', '/api/tiers', SILVER, { 'accept-language': 'zh' });
    expect(answer.status).toBe(403);
    expect((await read<ApiError>(answer)).key).toBe('forbidden_create');
  });

  test('refuses fields that the role may not write, naming them', async () => {
    const answer = await a.as('operator')('POST', '/api/customers', { external_id: 'c-denied', phone: '13812341234' });
    expect(answer.status).toBe(403);
    expect(Object.keys((await read<ApiError>(answer)).errors!)).toEqual(['phone']);
  });

  test('keeps the programme day of a time', async () => {
    const answer = await a.as('pii')('POST', '/api/customers', {
      external_id: 'c-day',
      enrolled_at: '2026-03-01T17:00:00Z',
    });
    expect(answer.status).toBe(201);
    expect(await read(answer)).toMatchObject({ enrolled_at: '2026-03-01T17:00:00.000Z', enrolled_on: '2026-03-02' });
    const now = await read(await a.as('pii')('POST', '/api/customers', { external_id: 'c-now' }));
    expect(now.enrolled_on).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('with an Idempotency-Key happens once, also when both come at the same time', async () => {
    const values = { ...SILVER, code: 'once', rank: 50 };
    const headers = { 'idempotency-key': 'key-1' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => a.as('operator')('POST', '/api/tiers', values, headers)));
    const bodies = await Promise.all(answers.map((each) => each.text()));
    expect(answers.map((each) => each.status)).toEqual([201, 201, 201, 201]);
    expect(new Set(bodies).size).toBe(1);
    expect(await t.db.selectFrom('app.tiers').select('id').where('code', '=', 'once').execute()).toHaveLength(1);
    const other = await a.as('operator')('POST', '/api/tiers', { ...values, code: 'twice' }, headers);
    expect(other.status).toBe(422);
    expect((await read<ApiError>(other)).key).toBe('idempotency_mismatch');
  });

  test('that failed can be tried again with the same key', async () => {
    const headers = { 'idempotency-key': 'key-2' };
    expect((await a.as('operator')('POST', '/api/tiers', { ...SILVER, code: 'again' }, headers)).status).toBe(422);
    expect((await a.as('operator')('POST', '/api/tiers', { ...SILVER, code: 'again', rank: 51 }, headers)).status).toBe(
      201,
    );
  });
});

describe('changing', () => {
  test('writes the fields that differ and raises the version', async () => {
    const { id } = await make({ ...SILVER, code: 'change', rank: 10 });
    const answer = await a.as('operator')(
      'PATCH',
      `/api/tiers/${id}`,
      { name: '银卡会员', rank: 10 },
      { 'if-match': '"1"' },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe('"2"');
    expect(await read(answer)).toMatchObject({ name: '银卡会员', rank: 10, version: 2 });
    const entry = (await audited('tiers', id as number)).at(-1);
    expect(entry).toMatchObject({ action: 'update', before: { name: '银卡' }, after: { name: '银卡会员' } });
  });

  test('that changes nothing leaves version and audit alone', async () => {
    const { id } = await make({ ...SILVER, code: 'same', rank: 11, basis: 'orders', enter_at: '5' });
    const answer = await a.as('operator')('PATCH', `/api/tiers/${id}`, { enter_at: '5.0', name: '银卡' });
    expect(answer.status).toBe(200);
    expect((await read(answer)).version).toBe(1);
    expect(await audited('tiers', id as number)).toHaveLength(1);
  });

  test('made from an older version is told so with the record as it is now', async () => {
    const { id } = await make({ ...SILVER, code: 'stale', rank: 12 });
    await a.as('operator')('PATCH', `/api/tiers/${id}`, { name: '一' });
    const answer = await a.as('operator')('PATCH', `/api/tiers/${id}`, { name: '二' }, { 'if-match': '"1"' });
    expect(answer.status).toBe(412);
    expect((await read<ApiError>(answer)).record).toMatchObject({ id, name: '一', version: 2 });
  });

  test('without If-Match loses no change that happens meanwhile', async () => {
    const { id } = await make({ ...SILVER, code: 'race', rank: 13 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) => a.as('operator')('PATCH', `/api/tiers/${id}`, { grace_days: at + 1 })),
    );
    const done = answers.filter((each) => each.status === 200).length;
    const record = await read(await a.as('operator')('GET', `/api/tiers/${id}`));
    expect(record.version).toBe(done + 1);
    expect(await audited('tiers', id as number)).toHaveLength(done + 1);
  });

  test('keeps rules across fields that were not sent', async () => {
    const { id } = await make({ ...SILVER, code: 'rule', rank: 14, basis: 'spend', enter_at: '100', retain_at: '50' });
    const answer = await a.as('operator')('PATCH', `/api/tiers/${id}`, { retain_at: '200' });
    expect(answer.status).toBe(422);
    expect((await read<ApiError>(answer)).errors).toMatchObject({ retain_at: { key: 'rule.retain_not_above_enter' } });
  });

  test('of a frozen field is refused, of an unknown one too', async () => {
    const { id } = await make({ ...SILVER, code: 'frozen', rank: 15 });
    const answer = await a.as('operator')('PATCH', `/api/tiers/${id}`, { code: 'other', nmae: 'x' });
    expect(answer.status).toBe(422);
    expect((await read<ApiError>(answer)).errors).toMatchObject({
      code: { key: 'frozen' },
      nmae: { key: 'unknown_field_meant' },
    });
  });

  test('of a record that is not there is a 404', async () => {
    expect((await a.as('operator')('PATCH', '/api/tiers/999999', { name: 'x' })).status).toBe(404);
  });
});

describe('deleting', () => {
  test('gives the record as it was and leaves it in the audit', async () => {
    const { id } = await make({ ...SILVER, code: 'gone', rank: 20 });
    const answer = await a.as('operator')('DELETE', `/api/tiers/${id}`);
    expect(answer.status).toBe(200);
    expect(await read(answer)).toMatchObject({ id, code: 'gone' });
    expect((await a.as('operator')('GET', `/api/tiers/${id}`)).status).toBe(404);
    expect((await audited('tiers', id as number)).at(-1)).toMatchObject({
      action: 'delete',
      before: { code: 'gone' },
      after: null,
    });
  });

  test('what others refer to is refused, naming them', async () => {
    const product = await t.db
      .insertInto('app.products')
      .values({ external_id: 'p1', name: 'P' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const order = {
      customer_id: 0,
      source: 's',
      external_id: 'o1',
      placed_at: '2026-01-01T00:00:00Z',
      placed_on: '2026-01-01',
      amount: '1',
    };
    const { id: order_id } = await t.db
      .insertInto('app.orders')
      .values(order)
      .returning('id')
      .executeTakeFirstOrThrow();
    await t.db
      .insertInto('app.order_lines')
      .values({
        customer_id: 0,
        order_id,
        line_no: 1,
        product_id: product.id,
        sku: 'p1',
        quantity: 1,
        unit_price: '1',
        amount: '1',
      })
      .execute();
    const answer = await a.as('operator')('DELETE', `/api/products/${product.id}`);
    expect(answer.status).toBe(409);
    expect((await read<ApiError>(answer)).message).toContain('Order lines');
  });
});

describe('people', () => {
  const person = { name: 'Wang', email: 'Wang@Example.com', roles: ['operator'], password: 'plenty of words here' };

  test('are found by name; their accounts are only for administrators', async () => {
    const [seen] = (await (await a.as('operator')('GET', '/api/users?_start=0&_end=1')).json()) as Row[];
    expect(Object.keys(seen!).sort()).toEqual(['id', 'name', 'version']);
    expect((await a.as('operator')('GET', '/api/users?email=x@y.example')).status).toBe(403);
    expect((await a.as('manager')('POST', '/api/users', person)).status).toBe(403);
  });

  test('have a password that nobody reads back, in the audit neither', async () => {
    const answer = await a.as('administrator')('POST', '/api/users', person);
    const body = await read(answer);
    expect(answer.status, JSON.stringify(body)).toBe(201);
    expect(JSON.stringify(body)).not.toContain('password');
    expect(body).toMatchObject({ email: 'wang@example.com' });
    const entries = await audited('users', body.id as number);
    expect(JSON.stringify(entries)).not.toContain('plenty');
    expect(JSON.stringify(entries)).not.toContain('argon2');
    const signed = await a.anyone('POST', '/api/auth/sign-in', {
      email: 'wang@example.com',
      password: person.password,
    });
    expect(signed.status).toBe(200);
  });

  test('cannot be given a password that is easy to guess', async () => {
    const answer = await a.as('administrator')('POST', '/api/users', {
      ...person,
      email: 'b@example.com',
      password: '1234567890',
    });
    expect(answer.status).toBe(422);
    expect(Object.keys((await read<ApiError>(answer)).errors!)).toEqual(['password']);
  });

  test('cannot lock themselves out, and somebody always administers', async () => {
    const me = a.id('administrator');
    const own = await a.as('administrator')('PATCH', `/api/users/${me}`, { roles: ['viewer'] });
    expect(own.status).toBe(409);
    expect((await read<ApiError>(own)).message).toContain('give up your own');
    expect((await a.as('administrator')('PATCH', `/api/users/${me}`, { status: 'disabled' })).status).toBe(409);
    expect((await a.as('administrator')('DELETE', `/api/users/${me}`)).status).toBe(409);
    expect((await a.as('administrator')('PATCH', `/api/users/${me}`, { lang: 'zh' })).status).toBe(200);
    await a.as('administrator')('PATCH', `/api/users/${me}`, { lang: 'en' });
  });
});

describe('settings', () => {
  test('are one record, whose time zone must exist and stays once there are facts', async () => {
    const ask = a.as('administrator');
    expect((await ask('POST', '/api/settings', {})).status).toBe(403);
    expect((await ask('DELETE', '/api/settings/1')).status).toBe(403);
    await t.db.deleteFrom('app.order_lines').execute();
    await t.db.deleteFrom('app.orders').execute();
    const unknown = await ask('PATCH', '/api/settings/1', { time_zone: 'Mars/Olympus' });
    expect(unknown.status).toBe(422);
    expect(Object.keys((await read<ApiError>(unknown)).errors!)).toEqual(['time_zone']);
    expect((await ask('PATCH', '/api/settings/1', { time_zone: 'Europe/London' })).status).toBe(200);
    const order = {
      customer_id: 0,
      source: 's',
      external_id: 'o2',
      placed_at: '2026-01-01T00:00:00Z',
      placed_on: '2026-01-01',
      amount: '1',
    };
    await t.db.insertInto('app.orders').values(order).execute();
    const late = await ask('PATCH', '/api/settings/1', { time_zone: 'Asia/Shanghai' });
    expect(late.status).toBe(422);
    expect((await ask('PATCH', '/api/settings/1', { programme_name_en: 'Green' })).status).toBe(200);
    const meta = await read<{ settings: { programme_name: string[] } }>(await ask('GET', '/api/_meta'));
    expect(meta.settings.programme_name[1]).toBe('Green');
  });
});

describe('a body', () => {
  const bad: [string, string, unknown, { [name: string]: string }, number][] = [
    ['broken JSON', 'POST', '{"a":', {}, 400],
    ['a list', 'POST', '[]', {}, 400],
    ['a text', 'POST', '"x"', {}, 400],
    ['null', 'POST', 'null', {}, 400],
    ['nothing', 'POST', '', {}, 400],
    ['another type', 'POST', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a NUL', 'POST', '{"name":"a\\u0000b"}', {}, 400],
    ['half a surrogate', 'POST', '{"name":"\\ud800"}', {}, 400],
    ['a prototype', 'POST', '{"__proto__":{"a":1}}', {}, 400],
    ['a great depth', 'POST', `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, {}, 400],
    ['a great size', 'POST', `{"name":"${'x'.repeat(2_000_000)}"}`, {}, 413],
    ['a list for a text', 'POST', '{"name":["a"]}', {}, 422],
    ['an object for a number', 'POST', '{"rank":{"a":1}}', {}, 422],
    ['a number beyond all', 'POST', '{"rank":1e999}', {}, 422],
    ['a version that is none', 'PATCH', '{}', { 'if-match': 'abc' }, 400],
  ];
  test.each(bad)('with %s is refused in a sentence', async (_, method, body, headers, status) => {
    const answer = await a.as('operator')(method, method === 'POST' ? '/api/tiers' : '/api/tiers/1', body, headers);
    const error = await read<ApiError>(answer);
    expect(answer.status, JSON.stringify(error)).toBe(status);
    expect(error.message).toMatch(/[a-z]/);
    expect(error.request_id).toBeTruthy();
  });
});
