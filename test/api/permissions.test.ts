import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Meta, PermissionCell, PermissionMatrix, PermissionWhy, Row } from '../../api/contract.ts';
import { type Ask, type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let admin: Ask;
let ann: number;
let bo: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  admin = a.as('administrator');
  const rows = await t.db
    .insertInto('app.customers')
    .values([
      {
        external_id: 'c1',
        name: 'Ann',
        phone: '13812341234',
        province: 'North',
        city: 'Oslo',
        enrolled_on: '2026-01-01',
      },
      {
        external_id: 'c2',
        name: 'Bo',
        phone: '13900000000',
        province: 'South',
        city: 'Rome',
        enrolled_on: '2026-01-02',
      },
    ])
    .returning('id')
    .execute();
  [ann, bo] = rows.map((row) => row.id) as [number, number];
});
afterAll(() => t?.close());

async function json<T = Row>(answer: Response, status = 200): Promise<T> {
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(status);
  return body as T;
}
const matrix = async () => json<PermissionMatrix>(await admin('GET', '/api/_permissions'));
async function cell(role: string, resource: string): Promise<PermissionCell | undefined> {
  return (await matrix()).cells.find((each) => each.role === role && each.resource === resource);
}
/** Puts the change in the place of the one before, whatever that was. */
async function change(role: string, resource: string, input: Row): Promise<void> {
  const version = (await cell(role, resource))?.changed?.version ?? 0;
  const answer = await admin('PUT', `/api/_permissions/${role}/${resource}`, input, { 'if-match': `"${version}"` });
  expect(answer.status, await answer.clone().text()).toBe(200);
}
async function meta(person: Person, name: string) {
  const found = await json<Meta>(await a.as(person)('GET', '/api/_meta'));
  return found.resources.find((each) => each.name === name);
}

describe('what a role may do', () => {
  test('changes for the next request and comes back when the change is taken back', async () => {
    const ask = a.as('analyst');
    expect((await ask('GET', '/api/customers')).status).toBe(200);
    await change('analyst', 'customers', { letters: '' });
    expect((await ask('GET', '/api/customers')).status).toBe(403);
    expect(await meta('analyst', 'customers')).toBeUndefined();
    await change('analyst', 'customers', { letters: 'rc' });
    expect((await meta('analyst', 'customers'))!.can).toMatchObject({ list: true, create: true, edit: false });
    await change('analyst', 'customers', {});
    expect((await cell('analyst', 'customers'))!.changed).toBeNull();
    expect((await meta('analyst', 'customers'))!.can.create).toBe(false);
  });

  test('is told with what the code says, who changed it and why', async () => {
    await change('manager', 'tiers', { letters: 'ru', reason: 'Quarterly review' });
    const found = (await cell('manager', 'tiers'))!;
    expect(found.by_default.letters).toBe('rx');
    expect(found.now.letters).toBe('ru');
    expect(found.changed).toMatchObject({
      by: 'Test administrator',
      reason: 'Quarterly review',
      letters: 'ru',
      version: 1,
    });
    const history = await json<Row[]>(await admin('GET', `/api/role_permissions/${found.changed!.id}/_history`));
    expect(history[0]).toMatchObject({ actor: 'Test administrator', action: 'create', reason: 'Quarterly review' });
    await change('manager', 'tiers', {});
  });

  test('is refused when somebody else changed it meanwhile', async () => {
    const put = (version: string, input: Row) =>
      admin('PUT', '/api/_permissions/viewer/tiers', input, { 'if-match': `"${version}"` });
    expect((await put('0', { letters: '' })).status).toBe(200);
    expect((await put('0', { letters: 'r' })).status).toBe(412);
    expect((await put('7', { letters: 'r' })).status).toBe(412);
    expect((await admin('PUT', '/api/_permissions/viewer/tiers', {})).status).toBe(428);
    expect((await put('1', {})).status).toBe(200);
  });

  test.each<[Row, string]>([
    [{ letters: 'z' }, 'letters'],
    [{ letters: 5 }, 'letters'],
    [{ fields: { nothing: { read: false } } }, 'fields.nothing'],
    [{ fields: { constructor: { read: false } } }, 'fields.constructor'],
    [{ fields: { name: { read: 'no' } } }, 'fields.name'],
    [{ fields: { name: { erase: false } } }, 'fields.name'],
    [{ actions: { explode: true } }, 'actions.explode'],
    [{ rows: { mode: 'where', where: { nothing: { eq: 1 } } } }, 'rows'],
    [{ rows: { mode: 'where', where: 'true' } }, 'rows'],
    [{ rows: { mode: 'where' } }, 'rows'],
    [{ rows: { mode: 'some' } }, 'rows'],
    [{ reason: 'x'.repeat(301) }, 'reason'],
  ])('is not changed to %j', async (input, field) => {
    const answer = await admin('PUT', '/api/_permissions/viewer/customers', input, { 'if-match': '"0"' });
    expect(Object.keys((await json<ApiError>(answer, 422)).errors!)).toEqual([field]);
    expect((await cell('viewer', 'customers'))!.changed).toBeNull();
  });

  test('is changed by administrators at a screen alone, and never for administrators', async () => {
    const put = (ask: Ask, role: string) => ask('PUT', `/api/_permissions/${role}/tiers`, {}, { 'if-match': '"0"' });
    expect((await put(a.as('manager'), 'viewer')).status).toBe(403);
    expect((await a.as('manager')('GET', '/api/_permissions')).status).toBe(403);
    expect((await a.as('manager')('GET', `/api/_permissions/why?user=1&resource=tiers`)).status).toBe(403);
    expect((await put(admin, 'administrator')).status).toBe(404);
    expect((await put(admin, 'nobody')).status).toBe(404);
    const issued = await admin('POST', '/api/api_tokens/_actions/issue', {
      name: 'x',
      scopes: ['*:r', '*:u'],
      days: 1,
    });
    const { secret } = (await issued.json()) as { secret: string };
    const by_token = await a.anyone('GET', '/api/_permissions', undefined, { authorization: `Bearer ${secret}` });
    expect((await json<ApiError>(by_token, 403)).key).toBe('for_people');
  });

  test('fails closed when its condition no longer makes sense', async () => {
    const values = { role: 'viewer', resource: 'customers', rows_mode: 'where', rows_where: '{"gone":{"eq":1}}' };
    const { id } = await t.owner
      .insertInto('app.role_permissions')
      .values(values)
      .returning('id')
      .executeTakeFirstOrThrow();
    a.deps.definitions.changed('role_permissions');
    expect(await json<Row[]>(await a.as('viewer')('GET', '/api/customers'))).toEqual([]);
    await t.owner.deleteFrom('app.role_permissions').where('id', '=', id).execute();
    a.deps.definitions.changed('role_permissions');
    expect(await json<Row[]>(await a.as('viewer')('GET', '/api/customers'))).toHaveLength(2);
  });
});

describe('actions', () => {
  test('are given and taken by role', async () => {
    await change('viewer', 'api_tokens', { actions: { issue: false } });
    expect(Object.keys((await meta('viewer', 'api_tokens'))!.actions!)).toEqual(['revoke']);
    const answer = await a.as('viewer')('POST', '/api/api_tokens/_actions/issue', {
      name: 'x',
      scopes: ['*:r'],
      days: 1,
    });
    expect((await json<ApiError>(answer, 403)).key).toBe('forbidden_action');
    await change('viewer', 'api_tokens', {});
  });
});

describe('a role of one’s own', () => {
  test('has what its base has, is given to people, and is adjusted apart from it', async () => {
    const made = await admin('POST', '/api/roles', {
      code: 'junior_service',
      name_zh: '初级客服',
      name_en: 'Junior service',
      base_role: 'customer_service',
    });
    const role = await json(made, 201);
    const user = `/api/users/${a.id('viewer')}`;
    await json(await admin('PATCH', user, { roles: ['junior_service'] }));
    const ask = a.as('viewer');
    const base = await meta('customer_service', 'customers');
    expect((await meta('viewer', 'customers'))!.can).toEqual(base!.can);
    expect((await ask('PATCH', `/api/customers/${ann}`, { city: 'Bergen' })).status).toBe(200);
    await change('junior_service', 'customers', { letters: 'r' });
    expect((await ask('PATCH', `/api/customers/${ann}`, { city: 'Oslo' })).status).toBe(403);
    expect((await meta('customer_service', 'customers'))!.can).toEqual(base!.can);

    const held = await admin('DELETE', `/api/roles/${role.id}`);
    expect((await json<ApiError>(held, 409)).message).toMatch(/1 people still have this role/);
    await json(await admin('PATCH', user, { roles: ['viewer'] }));
    expect((await admin('DELETE', `/api/roles/${role.id}`)).status).toBe(200);
    expect((await matrix()).roles.map((each) => each.code)).not.toContain('junior_service');
    const left = await t.owner
      .selectFrom('app.role_permissions')
      .selectAll()
      .where('role', '=', 'junior_service')
      .execute();
    expect(left).toEqual([]);
  });

  test('sees the reports and sends the facts that its base may', async () => {
    await json(
      await admin('POST', '/api/roles', { code: 'shop', name_zh: '商城', name_en: 'Shop', base_role: 'operator' }),
      201,
    );
    const user = `/api/users/${a.id('viewer')}`;
    const before = await a.as('viewer')('POST', '/api/v1/orders', {});
    expect(before.status).toBe(403);
    await json(await admin('PATCH', user, { roles: ['shop'] }));
    expect((await a.as('viewer')('POST', '/api/v1/orders', {})).status).toBe(422);
    await json(await admin('PATCH', user, { roles: ['viewer'] }));
  });

  test.each<[Row, string]>([
    [{ code: 'x1', name_zh: 'x', name_en: 'x' }, 'base_role'],
    [{ code: 'x1', name_zh: 'x', name_en: 'x', base_role: 'administrator' }, 'base_role'],
    [{ code: 'Not ok', name_zh: 'x', name_en: 'x', base_role: 'viewer' }, 'code'],
    [{ code: 'viewer', name_zh: 'x', name_en: 'x', base_role: 'viewer' }, 'code'],
  ])('is not made of %j', async (input, field) => {
    const answer = await json<ApiError>(await admin('POST', '/api/roles', input), 422);
    expect(Object.keys(answer.errors!)).toEqual([field]);
  });

  test('built-in ones stay', async () => {
    const [viewer] = await json<Row[]>(await admin('GET', '/api/roles?code=viewer'));
    expect((await admin('DELETE', `/api/roles/${viewer!.id}`)).status).toBe(409);
    expect((await admin('PATCH', `/api/roles/${viewer!.id}`, { base_role: 'operator' })).status).toBe(422);
    expect((await admin('PATCH', `/api/roles/${viewer!.id}`, { name_zh: '访客' })).status).toBe(200);
    expect((await admin('PATCH', `/api/users/${a.id('viewer')}`, { roles: ['ghost'] })).status).toBe(422);
  });
});

describe('why', () => {
  const why = async (person: Person, resource: string) =>
    json<PermissionWhy>(await admin('GET', `/api/_permissions/why?user=${a.id(person)}&resource=${resource}`));
  const letter = (found: PermissionWhy, name: string) => found.letters.find((each) => each.letter === name)!;

  test('says role, default and change in both languages', async () => {
    let found = await why('viewer', 'tiers');
    expect(letter(found, 'r')).toMatchObject({
      allowed: true,
      because: ['“访客”默认允许', 'Given by Viewer, by default'],
    });
    expect(letter(found, 'u').because[1]).toBe('Not given by Viewer, by default');
    await change('viewer', 'tiers', { letters: 'ru', fields: { name: { write: false } } });
    found = await why('viewer', 'tiers');
    expect(letter(found, 'u')).toMatchObject({ allowed: true });
    expect(letter(found, 'u').because[1]).toMatch(/^Given by Viewer, as changed by Test administrator on \d{4}-/);
    const name = found.fields.find((each) => each.name === 'name')!;
    expect(name.write).toMatchObject({ allowed: false });
    expect(name.write.because[1]).toMatch(/^Not given by Viewer, as changed by/);
    await change('viewer', 'tiers', {});
  });

  test('knows administrators, masks and what nobody may', async () => {
    const admins = await why('administrator', 'customers');
    expect(letter(admins, 'u').because[1]).toBe('Administrators may do everything');
    expect(letter(admins, 'd')).toMatchObject({ allowed: false });
    const found = await why('operator', 'customers');
    const phone = found.fields.find((each) => each.name === 'phone')!;
    expect(phone.masked).toBe(true);
    expect(phone.read.because[1]).toContain('personal data is masked');
    expect(phone.write.because[1]).toBe('They see it masked, so they cannot change it');
  });

  test('agrees with what the server does', async () => {
    for (const person of ['operator', 'viewer', 'customer_service', 'manager'] as const) {
      for (const { name } of (await matrix()).resources.slice(0, 12)) {
        const found = await why(person, name);
        const answer = await a.as(person)('GET', `/api/${name}?_start=0&_end=1`);
        expect([person, name, letter(found, 'r').allowed]).toEqual([person, name, answer.status === 200]);
      }
    }
    expect(bo).toBeGreaterThan(0);
  });
});
