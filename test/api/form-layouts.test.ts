/** Forms laid out by staff: what everybody, or a role, sees of a form and must fill in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Json, Meta, MetaResource, Row } from '../../api/contract.ts';
import type { Person } from '../app.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

async function ask<T>(
  person: Person,
  status: number,
  ...given: [method: string, path: string, body?: Row]
): Promise<T> {
  const response = await bench.app.as(person)(...given);
  const text = await response.text();
  expect(`${response.status} ${text}`).toMatch(new RegExp(`^${status} `));
  return (text ? JSON.parse(text) : null) as T;
}

async function form(person: Person, name = 'products'): Promise<MetaResource> {
  const meta = await ask<Meta>(person, 200, 'GET', '/api/_meta');
  return meta.resources.find((each) => each.name === name)!;
}

const LAYOUT = {
  tabs: true,
  sections: [
    { name: 'shop', label: ['商城', 'Shop'], fields: [['name', 'category'], 'price'] },
    { name: 'rest', label: ['其余', ''], fields: ['external_id'] },
  ],
  fields: {
    category: { label: ['品类', 'Kind of goods'], required: true },
    price: { default: '9.90' },
    unit_cost: { hidden: true },
    stock: { readonly: true },
  },
} as const;

let all: Row;
let count = 0;
const product = (values: Row = {}) => ({ external_id: `P${++count}`, name: 'Kettle', category: 'Tea', ...values });

describe('a layout for everybody', () => {
  beforeAll(async () => {
    all = await ask<Row>('operator', 201, 'POST', '/api/form_layouts', {
      resource: 'products',
      layout: LAYOUT as unknown as Json,
    });
  });

  test('is the form from the next request on; what it does not name stays, at the end', async () => {
    const laid = await form('operator');
    expect(laid.form_tabs).toBe(true);
    expect(laid.form!.map((each) => each.label)).toEqual(
      expect.arrayContaining([
        ['商城', 'Shop'],
        ['其余', '其余'],
      ]),
    );
    const placed = laid.form!.flatMap((each) => each.fields.flat());
    expect(placed.slice(0, 4)).toEqual(['name', 'category', 'price', 'external_id']);
    expect(placed).toContain('status');
    expect(placed).not.toContain('unit_cost');
    expect(laid.fields.category).toMatchObject({ label: ['品类', 'Kind of goods'], required: true });
    expect(laid.fields).toHaveProperty('unit_cost');
    expect(laid.field_access.stock).toMatchObject({ read: true, write: false });
    expect(laid.before_layout!.fields.category).not.toHaveProperty('required');
    expect(laid).not.toHaveProperty('layouts');
  });

  test('what it requires and locks the server refuses, by the new name', async () => {
    const { errors } = await ask<ApiError>('operator', 422, 'POST', '/api/products', product({ category: null }));
    expect(errors).toMatchObject({ category: { message: 'Kind of goods is required' } });
    expect(
      (await ask<ApiError>('operator', 403, 'POST', '/api/products', product({ stock: 5 }))).errors,
    ).toHaveProperty('stock');
    const made = await ask<Row>('operator', 201, 'POST', '/api/products', product());
    expect(made).toMatchObject({ price: '9.90' });
    await ask('operator', 422, 'PATCH', `/api/products/${made.id}`, { category: null });
    await ask('operator', 200, 'PATCH', `/api/products/${made.id}`, { unit_cost: '1.00' });
    await ask('operator', 403, 'PATCH', `/api/products/${made.id}`, { stock: 1 });
    const bulk = await ask<ApiError>('operator', 422, 'POST', '/api/products/_bulk', {
      ids: [made.id!],
      clear: ['category'],
    });
    expect(JSON.stringify(bulk)).toContain('Kind of goods');
  });

  test('files are held to it too', async () => {
    const done = await bench.go(
      (await bench.upload('products', 'external_id,name,category\nF1,Pot,\nF2,Cup,Tea\n')).id,
      'run',
    );
    expect(done).toMatchObject({ created: 1, wrong: 1 });
    expect(await ask<Row[]>('operator', 200, 'GET', '/api/products?external_id=F2')).toMatchObject([{ price: '9.90' }]);
  });

  test('a role has its own instead', async () => {
    const layout = { fields: { category: { label: ['大类', 'Group'] } } } as unknown as Json;
    const own = await ask<Row>('operator', 201, 'POST', '/api/form_layouts', {
      resource: 'products',
      role: 'manager',
      layout,
    });
    expect((await form('manager')).fields.category!.label).toEqual(['大类', 'Group']);
    expect((await form('manager')).form_tabs).toBeUndefined();
    expect((await form('operator')).fields.category!.label).toEqual(['品类', 'Kind of goods']);
    await ask('operator', 200, 'DELETE', `/api/form_layouts/${own.id}`);
    expect((await form('manager')).fields.category!.label).toEqual(['品类', 'Kind of goods']);
  });

  test('there is one for each form and role', async () => {
    const twice = await ask<ApiError>('operator', 422, 'POST', '/api/form_layouts', {
      resource: 'products',
      layout: {},
    });
    expect(Object.keys(twice.errors!)).toEqual(['resource']);
  });

  test('switched off, and taken back from history, the form is as it was', async () => {
    await ask('operator', 200, 'PATCH', `/api/form_layouts/${all.id}`, { active: false });
    expect((await form('operator')).before_layout).toBeUndefined();
    await ask('operator', 201, 'POST', '/api/products', product({ category: null, stock: 1 }));
    await ask('operator', 200, 'PATCH', `/api/form_layouts/${all.id}`, { active: true });
    await ask('operator', 200, 'PATCH', `/api/form_layouts/${all.id}`, { layout: {} });
    expect((await form('operator')).form_tabs).toBeUndefined();
    const [latest] = await ask<Row[]>('operator', 200, 'GET', `/api/form_layouts/${all.id}/_history`);
    await ask('operator', 200, 'POST', `/api/form_layouts/${all.id}/_revert`, { entry: latest!.id! });
    expect((await form('operator')).fields.category!.label).toEqual(['品类', 'Kind of goods']);
  });
});

describe('a layout that does not fit is refused where it does not', () => {
  test.each<[Json, string]>([
    ['x', 'layout'],
    [{ colour: 'red' }, 'layout'],
    [{ sections: [{ name: 'a', label: ['', ''], fields: [] }] }, 'layout.sections.0.label'],
    [{ sections: [{ name: 'a', label: ['a', 'a'], fields: ['nothing'] }] }, 'layout.sections.0.fields'],
    [{ sections: [{ name: 'a', label: ['a', 'a'], fields: ['city', ['city']] }] }, 'layout.sections'],
    [{ sections: [{ name: 'a b', label: ['a', 'a'], fields: [] }] }, 'layout.sections.0'],
    [{ sections: [{ name: 'a', label: ['a', 'a'], fields: [['a', 'b', 'c', 'd', 'e']] }] }, 'layout.sections.0.fields'],
    [{ fields: { nothing: { hidden: true } } }, 'layout.fields.nothing'],
    [{ fields: { city: { required: 'yes' } } }, 'layout.fields.city.required'],
    [{ fields: { city: { colour: 1 } } }, 'layout.fields.city.colour'],
    [{ fields: { channel: { default: 'moon' } } }, 'layout.fields.channel.default'],
    [{ fields: { external_id: { hidden: true } } }, 'layout.fields.external_id'],
    [{ fields: { city: { required: true, readonly: true } } }, 'layout.fields.city'],
  ])('%j at %s', async (layout, path) => {
    const { errors } = await ask<ApiError>('operator', 422, 'POST', '/api/form_layouts', {
      resource: 'customers',
      layout,
    });
    expect(Object.keys(errors!)).toEqual([path]);
  });

  test('who may not lay out forms cannot', async () => {
    await ask('viewer', 403, 'POST', '/api/form_layouts', { resource: 'customers', layout: {} });
  });

  test('a field that goes afterwards is left out of the form', async () => {
    const field = await ask<Row>('operator', 201, 'POST', '/api/custom_fields', {
      resource: 'tiers',
      key: 'note',
      kind: 'text',
      label: '备注',
      label_en: 'Note',
    });
    const layout = {
      sections: [{ name: 'own', label: ['自建', 'Own'], fields: [['code', 'note']] }],
    } as unknown as Json;
    await ask('operator', 201, 'POST', '/api/form_layouts', { resource: 'tiers', layout });
    expect((await form('operator', 'tiers')).form![0]).toMatchObject({ fields: [['code', 'note']] });
    await ask('operator', 200, 'DELETE', `/api/custom_fields/${field.id}`);
    expect((await form('operator', 'tiers')).form![0]).toMatchObject({ fields: ['code'] });
  });
});
