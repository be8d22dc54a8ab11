import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Meta, Option, Resource, Row } from '../../api/contract.ts';
import { loadResources } from '../../api/definitions.ts';
import { maskValue } from '../../api/records/mask.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let ann: number;
let bo: number;
beforeAll(async () => {
  t = await testDatabase();
  const resources = new Map(await loadResources());
  // Customer service sees the north only; the rule refers to the day, so that it is made anew for each request.
  const customers: Resource = {
    ...resources.get('customers')!,
    rows: { customer_service: { province: { eq: 'North' }, enrolled_on: { lte: '$today' } } },
  };
  resources.set('customers', customers);
  a = await testApp(t, { resources });
  const rows = await t.db
    .insertInto('app.customers')
    .values([
      {
        external_id: 'c1',
        name: 'Ann',
        phone: '13812341234',
        email: 'ann@example.com',
        province: 'North',
        enrolled_on: '2026-01-01',
      },
      {
        external_id: 'c2',
        name: '王小明',
        phone: '+447700900123',
        email: 'bo@example.com',
        province: 'South',
        enrolled_on: '2026-01-02',
      },
    ])
    .returning('id')
    .execute();
  [ann, bo] = rows.map((row) => row.id) as [number, number];
  await t.db
    .insertInto('app.orders')
    .values([
      {
        customer_id: ann,
        source: 's',
        external_id: 'o1',
        placed_at: '2026-02-01T00:00:00Z',
        placed_on: '2026-02-01',
        amount: '10',
      },
      {
        customer_id: bo,
        source: 's',
        external_id: 'o2',
        placed_at: '2026-02-02T00:00:00Z',
        placed_on: '2026-02-02',
        amount: '20',
      },
    ])
    .execute();
  await t.db.insertInto('app.products').values({ external_id: 'p1', name: 'P', price: '9', unit_cost: '4' }).execute();
});
afterAll(() => t?.close());

async function rows(answer: Response): Promise<Row[]> {
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body as Row[];
}
async function refusal(answer: Response, status: number): Promise<ApiError> {
  const body = (await answer.json()) as ApiError;
  expect(answer.status, JSON.stringify(body)).toBe(status);
  return body;
}

describe('signed out', () => {
  test.each(['/api/tiers', '/api/tiers/1', '/api/_meta', '/api/nothing'])('%s is a 401', async (path) => {
    expect((await refusal(await a.anyone('GET', path), 401)).key).toBe('signed_out');
  });
});

describe('personal data', () => {
  test('is masked in lists and records for those without the permission', async () => {
    const [record] = await rows(await a.as('viewer')('GET', '/api/customers?external_id=c1'));
    expect(record).toMatchObject({ name: 'Ann', phone: '138****1234', email: 'a***@example.com' });
    const one = (await (await a.as('viewer')('GET', `/api/customers/${bo}`)).json()) as Row;
    expect(one).toMatchObject({ phone: '+4477****0123', email: 'b***@example.com' });
    const [full] = await rows(await a.as('pii')('GET', '/api/customers?external_id=c1'));
    expect(full).toMatchObject({ phone: '13812341234', email: 'ann@example.com' });
  });

  test.each([
    'phone=13812341234',
    'phone_sw=138',
    'phone_null=true',
    '_sort=email',
    `_where=${encodeURIComponent('{"not":{"email":{"like":"ann"}}}')}`,
    `_where=${encodeURIComponent('{"name":{"eq":{"$field":"phone"}}}')}`,
  ])('cannot be found out by ?%s', async (search) => {
    const error = await refusal(await a.as('viewer')('GET', `/api/customers?${search}`), 403);
    expect(error.key).toBe('field_masked');
    expect((await a.as('pii')('GET', `/api/customers?${search}`)).status).toBe(200);
  });

  test('cannot be overwritten by who sees only asterisks', async () => {
    const error = await refusal(
      await a.as('operator')('PATCH', `/api/customers/${ann}`, { phone: '138****1234' }),
      403,
    );
    expect(Object.keys(error.errors!)).toEqual(['phone']);
  });

  test('is masked alike in SQL and in JavaScript', async () => {
    const values = [
      '13812341234',
      '1',
      '123456',
      '1234567',
      '+8613812341234',
      'a',
      '王小明',
      '@',
      'a@b',
      'a@b@c',
      '𠮷田',
      '',
    ];
    for (const value of values) {
      await t.db.updateTable('app.customers').set({ phone: value, email: value }).where('id', '=', bo).execute();
      const one = (await (await a.as('viewer')('GET', `/api/customers/${bo}`)).json()) as Row;
      expect([value, one.phone, one.email]).toEqual([value, maskValue('phone', value), maskValue('email', value)]);
    }
    await t.db.updateTable('app.customers').set({ phone: null, email: null }).where('id', '=', bo).execute();
  });
});

describe('fields of some roles', () => {
  test('are absent for the others, and cannot be asked for', async () => {
    const [product] = await rows(await a.as('manager')('GET', '/api/products'));
    expect(product).toMatchObject({ unit_cost: '4.00' });
    const [seen] = await rows(await a.as('viewer')('GET', '/api/products'));
    expect(seen).not.toHaveProperty('unit_cost');
    for (const search of [
      '_fields=name,unit_cost',
      'unit_cost_gt=1',
      '_sort=unit_cost',
      `_where=${encodeURIComponent('{"unit_cost":{"gt":1}}')}`,
    ]) {
      expect((await refusal(await a.as('viewer')('GET', `/api/products?${search}`), 403)).key).toBe('field_hidden');
    }
  });
});

describe('rows of some roles', () => {
  test('are the only ones in lists, records, counts, options and labels', async () => {
    const ask = a.as('customer_service');
    const list = await ask('GET', '/api/customers');
    expect(list.headers.get('x-total-count')).toBe('1');
    expect((await rows(list)).map((row) => row.external_id)).toEqual(['c1']);
    expect((await ask('GET', `/api/customers/${ann}`)).status).toBe(200);
    expect((await ask('GET', `/api/customers/${bo}`)).status).toBe(404);
    const options = (await rows(await ask('GET', '/api/orders/_options/customer_id'))) as unknown as Option[];
    expect(options).toEqual([{ id: ann, label: 'Ann' }]);
    const named = await rows(await ask('GET', `/api/orders/_options/customer_id?id=${ann}&id=${bo}`));
    expect(named).toEqual([{ id: ann, label: 'Ann' }]);
    const orders = await rows(await ask('GET', '/api/orders?_labels=1&_sort=id'));
    expect(orders.map((row) => row.$labels)).toEqual([{ customer_id: 'Ann' }, { customer_id: null }]);
    expect((await ask('GET', `/api/customers/${bo}/_history`)).status).toBe(404);
  });

  test('cannot be changed when unseen, nor written out of sight', async () => {
    const ask = a.as('customer_service');
    await refusal(await ask('PATCH', `/api/customers/${bo}`, { city: 'X' }), 404);
    expect((await ask('PATCH', `/api/customers/${ann}`, { city: 'X' })).status).toBe(200);
    const moved = await refusal(await ask('PATCH', `/api/customers/${ann}`, { province: 'South' }), 403);
    expect(moved.key).toBe('forbidden_row');
    expect((await (await ask('GET', `/api/customers/${ann}`)).json()) as Row).toMatchObject({
      province: 'North',
      version: 2,
    });
  });
});

describe('the definitions', () => {
  async function meta(person: Parameters<TestApp['as']>[0]): Promise<Meta> {
    return (await (await a.as(person)('GET', '/api/_meta')).json()) as Meta;
  }

  test('show what a person may see and do', async () => {
    const viewer = await meta('viewer');
    const names = viewer.resources.map((each) => each.name);
    expect(names).toContain('tiers');
    expect(names).not.toContain('settings');
    const people = viewer.resources.find((each) => each.name === 'users')!;
    expect(Object.keys(people.fields)).toEqual(['name']);
    const products = viewer.resources.find((each) => each.name === 'products')!;
    expect(products.fields).not.toHaveProperty('unit_cost');
    expect(products.form!.flatMap((block) => block.fields.flat())).not.toContain('unit_cost');
    expect(products.can).toEqual({
      list: true,
      create: false,
      edit: false,
      delete: false,
      import: false,
      export: false,
    });
    const administrator = await meta('administrator');
    const users = administrator.resources.find((each) => each.name === 'users')!;
    expect(users.field_access.password).toEqual({ read: false, write: true, masked: false });
    expect(administrator.resources.find((each) => each.name === 'orders')!.can.create).toBe(false);
    for (const each of administrator.resources) {
      expect(each).not.toHaveProperty('table');
      expect(each).not.toHaveProperty('rows');
    }
    expect(viewer.settings).toMatchObject({ time_zone: 'Asia/Shanghai', currency: 'CNY' });
  });

  test('come again only when they changed', async () => {
    const first = await a.as('viewer')('GET', '/api/_meta');
    const etag = first.headers.get('etag')!;
    const again = await a.as('viewer')('GET', '/api/_meta', undefined, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });
});

describe('options', () => {
  test('are searched by words in the fields of the quick search', async () => {
    const ask = a.as('operator');
    expect(await rows(await ask('GET', '/api/orders/_options/customer_id?q=c2'))).toEqual([
      { id: bo, label: '王小明' },
    ]);
    expect(
      await rows(await ask('GET', `/api/orders/_options/customer_id?q=${encodeURIComponent('小明')}`)),
    ).toHaveLength(1);
    expect(await rows(await ask('GET', '/api/orders/_options/customer_id?q=nobody'))).toEqual([]);
    await refusal(await ask('GET', '/api/orders/_options/channel'), 404);
    await refusal(await ask('GET', '/api/orders/_options/constructor'), 404);
    await refusal(await ask('GET', '/api/orders/_options/customer_id?id=x'), 400);
    await refusal(await ask('GET', '/api/audit_entries/_options/user_id'), 403);
  });
});
