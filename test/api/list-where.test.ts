/** What a list leaves out by itself: the anonymous customer, who owns the orders without a buyer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Meta } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const customers = ['c1', 'c2', 'c3'].map((external_id) => ({ external_id, enrolled_on: '2026-01-01' }));
  await t.db.insertInto('app.customers').values(customers).execute();
});
afterAll(() => t?.close());

async function list(search: string): Promise<{ total: string | null; names: unknown[] }> {
  const answer = await a.as('operator')('GET', `/api/customers?${search}`);
  const rows = (await answer.json()) as { external_id: string }[];
  return { total: answer.headers.get('x-total-count'), names: rows.map((each) => each.external_id) };
}

test('the anonymous customer is in no list of customers, and not counted', async () => {
  expect(await list('_start=0&_end=25')).toEqual({ total: '3', names: ['c3', 'c2', 'c1'] });
  expect(await list('_start=0&_end=1')).toEqual({ total: '3', names: ['c3'] });
  expect(await list('_start=0&_end=25&_count=exact')).toMatchObject({ total: '3' });
  expect(await list('_start=0&_end=25&channel=store')).toEqual({ total: '0', names: [] });
  expect(await list('_start=0&_end=25&_scope=active&external_id_gte=c2')).toMatchObject({ total: '2' });
});

test('a record that is left out can still be opened', async () => {
  expect((await a.as('operator')('GET', '/api/customers/0')).status).toBe(200);
});

test('the menu shows the resources of a group in their order', async () => {
  const meta = (await (await a.as('administrator')('GET', '/api/_meta')).json()) as Meta;
  const names = meta.resources.filter((each) => each.group === 'segments').map((each) => each.name);
  const shown = names.filter((name) => name.startsWith('segment_'));
  expect(shown).toEqual(['segment_rule_sets', 'segment_rule_set_versions']);
});
