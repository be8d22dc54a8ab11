/** The stock data provider of Refine against a listening server: what it says rightly must mean the same here. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { DataProvider } from '@refinedev/core';
import simpleRest, { axiosInstance } from '@refinedev/simple-rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let server: Server;
let stock: DataProvider;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.db
    .insertInto('app.products')
    .values(
      Array.from({ length: 30 }, (_, at) => ({
        external_id: `p${at}`,
        name: `Product ${String(at).padStart(2, '0')} & +100%`,
        price: String(at),
        category: at % 2 ? 'odd' : 'even',
      })),
    )
    .execute();
  server = createServer(getRequestListener(a.app.fetch));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  axiosInstance.defaults.headers.common.cookie = a.cookie('operator');
  stock = simpleRest(`http://127.0.0.1:${port}/api`, axiosInstance) as DataProvider;
});
afterAll(async () => {
  server?.close();
  server?.closeAllConnections();
  await t?.close();
});

async function names(
  filters: Parameters<DataProvider['getList']>[0]['filters'],
  sorters = [{ field: 'price', order: 'asc' as const }],
) {
  const { data, total } = await stock.getList({
    resource: 'products',
    filters,
    sorters,
    pagination: { currentPage: 1, pageSize: 100 },
  });
  expect(total).toBe(data.length);
  return data.map((row) => row.external_id);
}

describe('the stock client', () => {
  test('pages, sorts and counts', async () => {
    const { data, total } = await stock.getList({
      resource: 'products',
      pagination: { currentPage: 3, pageSize: 7 },
      sorters: [
        { field: 'category', order: 'desc' },
        { field: 'price', order: 'asc' },
      ],
    });
    expect(total).toBe(30);
    expect(data.map((row) => row.external_id)).toEqual(['p29', 'p0', 'p2', 'p4', 'p6', 'p8', 'p10']);
  });

  test('without pages gets everything', async () => {
    const { data } = await stock.getList({ resource: 'products', pagination: { mode: 'off' } });
    expect(data).toHaveLength(30);
  });

  test('filters by eq, ne, gte, lte, contains and q', async () => {
    expect(await names([{ field: 'external_id', operator: 'eq', value: 'p3' }])).toEqual(['p3']);
    expect(await names([{ field: 'category', operator: 'ne', value: 'odd' }])).toHaveLength(15);
    expect(await names([{ field: 'price', operator: 'gte', value: 28 }])).toEqual(['p28', 'p29']);
    expect(await names([{ field: 'price', operator: 'lte', value: 1 }])).toEqual(['p0', 'p1']);
    expect(await names([{ field: 'name', operator: 'contains', value: '07 & +100%' }])).toEqual(['p7']);
    expect(await names([{ field: 'q', operator: 'eq', value: 'product 11' }])).toEqual(['p11']);
    expect(
      await names([
        { field: 'category', operator: 'eq', value: 'even' },
        { field: 'price', operator: 'gte', value: 27 },
      ]),
    ).toEqual(['p28']);
    expect(await names([{ field: 'external_id', operator: 'eq', value: ['p1', 'p2'] }])).toEqual(['p1', 'p2']);
  });

  test('reads several, one, creates, updates and deletes', async () => {
    const all = await stock.getList({ resource: 'products', pagination: { mode: 'off' } });
    const ids = all.data.slice(0, 3).map((row) => row.id!);
    const several = await stock.getMany!({ resource: 'products', ids });
    expect(several.data.map((row) => row.id).sort()).toEqual([...ids].sort());
    const created = await stock.create({ resource: 'products', variables: { external_id: 'new', name: 'New' } });
    const id = created.data.id!;
    expect((await stock.update({ resource: 'products', id, variables: { name: 'Newer' } })).data).toMatchObject({
      name: 'Newer',
      version: 2,
    });
    expect((await stock.getOne({ resource: 'products', id })).data).toMatchObject({ id, name: 'Newer' });
    expect((await stock.deleteOne({ resource: 'products', id })).data).toMatchObject({ id });
    await expect(stock.getOne({ resource: 'products', id })).rejects.toMatchObject({
      statusCode: 404,
      message: expect.any(String),
    });
  });
});
