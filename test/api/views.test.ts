/** Saved views and habits: whose they are, who sees them, and that they never show more than their reader may see. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Meta, Row, SavedView } from '../../api/contract.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 'v1', name: '甲', phone: '13811110000', enrolled_on: '2026-01-01' },
      { external_id: 'v2', name: '乙', phone: '13822220000', enrolled_on: '2026-01-01' },
    ])
    .execute();
});
afterAll(() => t?.close());

async function ask<T>(
  person: Person,
  method: string,
  path: string,
  body?: unknown,
  headers?: { [name: string]: string },
): Promise<{ status: number; body: T }> {
  const answer = await a.as(person)(method, path, body, headers);
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as T };
}
async function make(person: Person, view: Row): Promise<SavedView> {
  const given = { resource: 'customers', name: '视图', settings: {}, ...view };
  const { status, body } = await ask<SavedView>(person, 'POST', '/api/_views', given);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}
const seenBy = async (person: Person, code: string) =>
  (await ask<SavedView>(person, 'GET', `/api/_views/${code}`)).body;
const statusFor = async (person: Person, code: string) => (await ask(person, 'GET', `/api/_views/${code}`)).status;

describe('a saved view', () => {
  test('comes back as it was saved, to its owner alone while it is private', async () => {
    const settings = {
      q: '甲',
      scope: 'active',
      where: { channel: { eq: 'online' } },
      sort: '-enrolled_on',
      columns: ['name', 'channel'],
      layout: 'kanban',
      by: 'channel',
      refresh_s: 60,
    };
    const view = await make('operator', { name: '线上客户', settings });
    expect(view).toMatchObject({ name: '线上客户', mine: true, can_edit: true, visibility: 'private', settings });
    expect(view.dropped).toEqual({ columns: 0, conditions: 0 });
    expect(view.code).toMatch(/^[A-Za-z0-9]{8}$/);
    const { body: meta } = await ask<Meta>('operator', 'GET', '/api/_meta');
    expect(meta.views.map(({ code }) => code)).toContain(view.code);
    for (const person of ['viewer', 'administrator', 'manager'] as const)
      expect(await statusFor(person, view.code)).toBe(404);
    const { body: listed } = await ask<Row[]>('viewer', 'GET', '/api/saved_views');
    expect(listed.map((row) => row.code)).not.toContain(view.code);
  });

  test('is shared with a role or with everybody', async () => {
    const some = await make('operator', { visibility: 'roles', roles: ['manager'] });
    expect(await statusFor('manager', some.code)).toBe(200);
    expect(await statusFor('viewer', some.code)).toBe(404);
    const all = await make('operator', { visibility: 'everyone' });
    expect(await seenBy('viewer', all.code)).toMatchObject({ mine: false, can_edit: false });
    expect(await seenBy('administrator', all.code)).toMatchObject({ mine: false, can_edit: true });
  });

  test('leaves out what its reader may not see, and does not tell it', async () => {
    const settings = {
      columns: ['name', 'phone'],
      where: { and: [{ phone: { eq: '13811110000' } }, { channel: { eq: 'online' } }] as Row[] },
      sort: 'phone',
    };
    const view = await make('pii', { visibility: 'everyone', settings });
    expect((await seenBy('pii', view.code)).settings).toEqual(settings);
    const seen = await seenBy('viewer', view.code);
    expect(seen.settings).toEqual({ columns: ['name', 'phone'], where: { and: [{ channel: { eq: 'online' } }] } });
    expect(seen.dropped).toEqual({ columns: 0, conditions: 1 });
    const answers = await Promise.all([
      ask('viewer', 'GET', '/api/_meta'),
      ask('viewer', 'GET', '/api/saved_views'),
      ask('viewer', 'GET', `/api/saved_views/${view.id}`),
      ask('viewer', 'GET', `/api/saved_views/${view.id}/_history`),
    ]);
    for (const { body } of answers) expect(JSON.stringify(body)).not.toContain('13811110000');
  });

  test('is not offered to those who may not see its list', async () => {
    const view = await make('administrator', { resource: 'audit_entries', visibility: 'everyone' });
    expect(await statusFor('administrator', view.code)).toBe(200);
    expect(await statusFor('operator', view.code)).toBe(404);
    const { body: meta } = await ask<Meta>('operator', 'GET', '/api/_meta');
    expect(meta.views.map(({ code }) => code)).not.toContain(view.code);
  });

  test('forgets columns and conditions that the definition no longer has, and says how many', async () => {
    const view = await make('operator', {});
    const stale = {
      columns: ['name', 'shoe_size', 'city'],
      where: { shoe_size: { gt: 40 }, city: { eq: '成都' } },
      scope: 'giants',
      sort: 'shoe_size',
      by: 'shoe_size',
    };
    await t.db
      .updateTable('app.saved_views')
      .set({ settings: JSON.stringify(stale) })
      .where('code', '=', view.code)
      .execute();
    const seen = await seenBy('operator', view.code);
    expect(seen.settings).toEqual({ columns: ['name', 'city'], where: { and: [{ city: { eq: '成都' } }] } });
    expect(seen.dropped).toEqual({ columns: 1, conditions: 2 });
  });

  test('is changed by its owner and by administrators only, one version after another', async () => {
    const view = await make('operator', { visibility: 'everyone' });
    const path = `/api/_views/${view.code}`;
    expect((await ask('viewer', 'PATCH', path, { name: '抢来的' })).status).toBe(403);
    expect((await ask('viewer', 'PATCH', path, { settings: {} })).status).toBe(403);
    expect((await ask('viewer', 'PATCH', `/api/saved_views/${view.id}`, { name: '抢来的' })).status).toBe(403);
    expect((await ask('viewer', 'DELETE', `/api/saved_views/${view.id}`)).status).toBe(403);
    const renamed = await ask<SavedView>('operator', 'PATCH', path, { name: '新名', settings: { q: '乙' } });
    expect(renamed.body).toMatchObject({ name: '新名', settings: { q: '乙' } });
    expect(renamed.body.version).toBeGreaterThan(view.version);
    const late = await ask<Row>('administrator', 'PATCH', path, { name: '晚了' }, { 'if-match': '"1"' });
    expect(late.status).toBe(412);
    expect((await ask('administrator', 'PATCH', path, { name: '管理员改的' })).status).toBe(200);
    expect((await ask('operator', 'DELETE', `/api/saved_views/${view.id}`)).status).toBe(200);
    expect(await statusFor('operator', view.code)).toBe(404);
  });

  test('becomes the default of a role by staff only, and only where the role sees it', async () => {
    const shared = { visibility: 'everyone' };
    const by_viewer = await make('viewer', shared);
    const path = `/api/_views/${by_viewer.code}`;
    expect((await ask<Row>('viewer', 'PATCH', path, { default_roles: ['viewer'] })).status).toBe(403);
    const refused = { resource: 'customers', name: 'x', settings: {}, ...shared, default_roles: ['viewer'] };
    expect((await ask('viewer', 'POST', '/api/_views', refused)).status).toBe(403);
    const view = await make('operator', { ...shared, default_roles: ['viewer'] });
    expect((await seenBy('viewer', view.code)).default_roles).toEqual(['viewer']);
    const hidden = await ask<{ errors: object }>('operator', 'PATCH', `/api/_views/${view.code}`, {
      visibility: 'roles',
      roles: ['manager'],
    });
    expect(hidden.status).toBe(422);
    expect(Object.keys(hidden.body.errors)).toEqual(['default_roles']);
    const nobody = await ask<{ errors: object }>('operator', 'POST', '/api/_views', {
      ...refused,
      default_roles: [],
      visibility: 'roles',
    });
    expect(Object.keys(nobody.body.errors)).toEqual(['roles']);
  });

  test('writes who saved what, and nothing where it is refused', async () => {
    const before = await t.db.selectFrom('app.saved_views').select('id').execute();
    await ask('operator', 'POST', '/api/_views', {
      resource: 'customers',
      name: '半个',
      visibility: 'roles',
      roles: [],
      settings: {},
    });
    expect(await t.db.selectFrom('app.saved_views').select('id').execute()).toHaveLength(before.length);
    const view = await make('operator', { name: '记下来', settings: { q: 'x' } });
    await ask('operator', 'PATCH', `/api/_views/${view.code}`, { settings: { q: 'y' } });
    const entries = await t.db
      .selectFrom('app.audit_entries')
      .select(['action', 'after'])
      .where('resource', '=', 'saved_views')
      .where('record_id', '=', view.id)
      .orderBy('id')
      .execute();
    expect(entries).toMatchObject([
      { action: 'create', after: { name: '记下来', settings: { q: 'x' } } },
      { action: 'update', after: { settings: { q: 'y' } } },
    ]);
  });

  const BAD: [what: string, settings: unknown][] = [
    ['no object', []],
    ['null', null],
    ['an unknown key', { colour: 'red' }],
    ['a prototype', JSON.parse('{"__proto__": {"q": "x"}}')],
    ['a column that does not exist', { columns: ['name', 'shoe_size'] }],
    ['a column twice', { columns: ['name', 'name'] }],
    ['no columns', { columns: [] }],
    ['columns that are no texts', { columns: [{}] }],
    ['a scope that does not exist', { scope: 'giants' }],
    ['a scope of the prototype', { scope: 'constructor' }],
    ['an order that does not exist', { sort: 'name;drop table app.customers' }],
    ['an order by a masked field', { sort: 'phone' }],
    ['a condition on a masked field', { where: { phone: { like: '138' } } }],
    [
      'a condition that hides one',
      { where: { or: [{ city: { eq: 'x' } }, { not: { city: { eq: { $field: 'phone' } } } }] } },
    ],
    ['a condition of an unknown operator', { where: { name: { regex: '.*' } } }],
    ['a condition that is text', { where: 'name = 1' }],
    ['a deep condition', { where: JSON.parse(`${'{"not":'.repeat(500)}{}${'}'.repeat(500)}`) }],
    ['a search with a zero', { q: 'a\0b' }],
    ['a long search', { q: 'x'.repeat(1001) }],
    ['a layout that does not exist', { layout: '<script>' }],
    ['a board by an unknown field', { by: 'shoe_size' }],
    ['a refresh every second', { refresh_s: 1 }],
    ['a refresh that is text', { refresh_s: '60' }],
    ['widths, which are habits', { widths: { name: 200 } }],
  ];
  test.each(BAD)('is refused with %s', async (_, settings) => {
    const { status, body } = await ask<{ errors?: object }>('operator', 'POST', '/api/_views', {
      resource: 'customers',
      name: '坏的',
      settings,
    });
    expect([400, 422], JSON.stringify(body)).toContain(status);
    if (status === 422) expect(Object.keys(body.errors ?? {})[0]).toMatch(/^settings/);
  });

  test.each<[string, Row, number]>([
    ['no such list', { resource: 'nothing', name: 'x', settings: {} }, 404],
    ['a list they may not see', { resource: 'audit_entries', name: 'x', settings: {} }, 404],
    ['a list of the prototype', { resource: 'constructor', name: 'x', settings: {} }, 404],
    ['no name', { resource: 'customers', settings: {} }, 422],
    ['a long name', { resource: 'customers', name: 'x'.repeat(61), settings: {} }, 422],
    ['an owner', { resource: 'customers', name: 'x', settings: {}, owner_id: 1 }, 422],
    ['a code', { resource: 'customers', name: 'x', settings: {}, code: 'aaaaaaaa' }, 422],
    ['an unknown visibility', { resource: 'customers', name: 'x', settings: {}, visibility: 'world' }, 422],
    ['an unknown role', { resource: 'customers', name: 'x', settings: {}, visibility: 'roles', roles: ['root'] }, 422],
  ])('is refused with %s', async (_, body, status) => {
    expect((await ask('operator', 'POST', '/api/_views', body)).status).toBe(status);
  });

  test('is limited in number', async () => {
    const owner_id = a.id('analyst');
    await t.db
      .insertInto('app.saved_views')
      .values(
        Array.from({ length: 100 }, (_, at) => ({
          code: `many${String(at).padStart(4, '0')}`,
          resource: 'products',
          name: `v${at}`,
          owner_id,
          settings: '{}',
        })),
      )
      .execute();
    const more = await ask<Row>('analyst', 'POST', '/api/_views', { resource: 'products', name: 'x', settings: {} });
    expect(more).toMatchObject({ status: 409, body: { key: 'too_many_views' } });
  });
});

describe('habits', () => {
  test('follow the person, not the browser', async () => {
    const habits = {
      columns: ['name', 'city'],
      widths: { name: 240 },
      pinned: 1,
      density: 'compact',
      sort: 'name',
      size: 50,
    };
    expect((await ask('operator', 'PUT', '/api/_preferences/customers', habits)).status).toBe(204);
    const { body } = await ask<Meta>('operator', 'GET', '/api/_meta');
    expect(body.preferences.customers).toEqual(habits);
    expect((await ask<Meta>('viewer', 'GET', '/api/_meta')).body.preferences.customers).toBeUndefined();
    await ask('operator', 'PUT', '/api/_preferences/customers', { density: 'comfortable' });
    expect((await ask<Meta>('operator', 'GET', '/api/_meta')).body.preferences.customers).toEqual({
      density: 'comfortable',
    });
  });

  test.each<[string, unknown, number]>([
    ['an unknown key', { theme: 'dark' }, 422],
    ['a width that is none', { widths: { name: 1e9 } }, 422],
    ['a width of an unknown field', { widths: { shoe_size: 100 } }, 422],
    ['too many pinned columns', { pinned: 9 }, 422],
    ['a page size that is not offered', { size: 5000 }, 422],
    ['an order by a masked field', { sort: 'phone' }, 422],
    ['a view that is none', { view: '../../x' }, 422],
    ['a list', [], 400],
  ])('with %s are refused', async (_, body, status) => {
    expect((await ask('operator', 'PUT', '/api/_preferences/customers', body)).status).toBe(status);
  });

  test('in a list that they may not see are refused', async () => {
    expect((await ask('operator', 'PUT', '/api/_preferences/audit_entries', {})).status).toBe(403);
    expect((await ask('operator', 'PUT', '/api/_preferences/nothing', {})).status).toBe(404);
  });
});
