import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryEntry, Row } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

async function history(person: Parameters<TestApp['as']>[0], path: string): Promise<HistoryEntry[]> {
  const answer = await a.as(person)('GET', `${path}/_history`);
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body as HistoryEntry[];
}

describe('the history of a record', () => {
  test('tells newest first who changed what', async () => {
    const created = (await (
      await a.as('operator')('POST', '/api/products', { external_id: 'p1', name: 'One', price: '5' })
    ).json()) as Row;
    const path = `/api/products/${created.id}`;
    await a.as('pii')('PATCH', path, { price: '6.5', name: 'Two' });
    const [change, start] = await history('viewer', path);
    expect(change).toMatchObject({
      actor: 'Test pii',
      action: 'update',
      changes: { name: { before: 'One', after: 'Two' }, price: { before: '5.00', after: '6.50' } },
      redacted: [],
    });
    expect(change!.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(start).toMatchObject({ action: 'create', changes: { price: { before: null, after: '5.00' } } });
  });

  test('names what the reader may not see without telling it', async () => {
    const { id } = (await (
      await a.as('operator')('POST', '/api/products', { external_id: 'p2', name: 'P', unit_cost: '3' })
    ).json()) as Row;
    const [seen] = await history('viewer', `/api/products/${id}`);
    expect(seen!.redacted).toEqual(['unit_cost']);
    expect(JSON.stringify(seen)).not.toContain('3.00');
    const [full] = await history('manager', `/api/products/${id}`);
    expect(full!.changes.unit_cost).toEqual({ before: null, after: '3.00' });
  });

  test('masks personal data', async () => {
    const { id } = (await (
      await a.as('pii')('POST', '/api/customers', { external_id: 'c1', phone: '13812341234', email: 'ann@example.com' })
    ).json()) as Row;
    await a.as('pii')('PATCH', `/api/customers/${id}`, { phone: '13912345678' });
    const [change] = await history('viewer', `/api/customers/${id}`);
    expect(change!.changes.phone).toEqual({ before: '138****1234', after: '139****5678' });
  });

  test('says that a password changed, not to what', async () => {
    const { id } = (await (
      await a.as('administrator')('POST', '/api/users', {
        name: 'N',
        email: 'n@example.com',
        roles: ['viewer'],
        password: 'a long enough phrase',
      })
    ).json()) as Row;
    const [entry] = await history('administrator', `/api/users/${id}`);
    expect(entry!.redacted).toEqual(['password']);
    expect(entry!.changes).not.toHaveProperty('password');
  });
});

describe('taking a change back', () => {
  test('is a new change with the old values', async () => {
    const { id } = (await (
      await a.as('operator')('POST', '/api/products', { external_id: 'p3', name: 'One', category: 'A', price: '1' })
    ).json()) as Row;
    const path = `/api/products/${id}`;
    await a.as('operator')('PATCH', path, { name: 'Two', category: 'B' });
    await a.as('operator')('PATCH', path, { price: '2' });
    const entry = (await history('operator', path))[1]!;
    const reverted = await a.as('operator')('POST', `${path}/_revert`, { entry: entry.id, fields: ['name'] });
    expect(reverted.status).toBe(200);
    expect(await reverted.json()).toMatchObject({ name: 'One', category: 'B', price: '2.00', version: 4 });
    expect((await a.as('viewer')('POST', `${path}/_revert`, { entry: entry.id })).status).toBe(403);
    expect((await a.as('operator')('POST', `${path}/_revert`, { entry: 999_999 })).status).toBe(404);
    expect((await a.as('operator')('POST', `${path}/_revert`, { entry: 'x' })).status).toBe(422);
  });
});
