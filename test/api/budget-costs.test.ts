/** Costs that no grant brought: entered with their document, once, within the room, and taken back with a reason. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { seedNew } from '../../api/seed.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';

let t: TestDatabase;
let a: TestApp;
let b: Awaited<ReturnType<typeof budgets>>;
let segments: { [code: string]: number };
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
  b = await budgets(t);
  const rows = (await ask('viewer', 'GET', '/api/segments?_start=0&_end=50')).body as unknown as Row[];
  segments = Object.fromEntries(rows.map((row) => [row.code, row.id])) as typeof segments;
});
afterAll(() => t?.close());

async function ask(person: Person, method: string, path: string, body?: unknown) {
  const answer = await a.as(person)(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Row & ApiError };
}
const open = (more = {}) => b.budget({ starts_on: '2000-01-01', ends_on: '2099-12-31', ...more });
const enter = (person: Person, budget_id: number, more: Row = {}) =>
  ask(person, 'POST', `/api/budgets/${budget_id}/_actions/enter_cost`, {
    ...{ segment_id: segments.new!, cost_kind: 'promotion', amount: '120.50', document: 'INV-1', note: '物料' },
    ...more,
  });
async function postings(budget_id: number): Promise<Row[]> {
  return (await ask('viewer', 'GET', `/api/budget_postings?budget_id=${budget_id}&_sort=id`)).body as unknown as Row[];
}

test('a cost is spent on both of its lines, with its document', async () => {
  const id = await open();
  const { status, body } = await enter('operator', id, { spent_on: '2026-03-01' });
  expect(status, JSON.stringify(body)).toBe(200);
  expect((await b.lines(id)).map(({ of, spent }) => `${of} ${spent}`)).toEqual([
    ...['new 120.50', 'active 0.00', 'other 0.00', 'promotion 120.50', 'referral 0.00'],
  ]);
  expect(await postings(id)).toMatchObject([
    {
      ...{ source_kind: 'manual', document: 'INV-1', note: '物料', amount: '120.50', change: '120.50', kind: 'spend' },
      ...{ posted_on: '2026-03-01', title_en: 'INV-1 · New · Promotion', can_reverse: true },
    },
  ]);
  const budget = (await ask('viewer', 'GET', `/api/budgets/${id}`)).body;
  expect(budget).toMatchObject({ used_amount: '120.50', peak_rate: '0.1205', peak_segment_id: segments.new });
  await b.addUp();
});

describe('it is refused, naming the field,', () => {
  test.each<[string, Row, object, string | undefined]>([
    ['beyond the room', { amount: '1000.01' }, {}, 'amount'],
    ['beyond the limit', { amount: '900.01' }, { stop_at: '0.9', warn_at: '0.5' }, 'amount'],
    ['of nothing', { amount: '0' }, {}, 'amount'],
    ['for a segment without money', { segment_id: 'other' }, {}, 'segment_id'],
    ['for a segment without a line', { segment_id: 'dormant' }, {}, 'segment_id'],
    ['for a kind without money', { cost_kind: 'technology' }, {}, 'cost_kind'],
    ['outside the period', { spent_on: '1999-12-31' }, {}, 'spent_on'],
    ['without a document', { document: '' }, {}, 'document'],
    ['without a note', { note: '' }, {}, 'note'],
  ])('%s', async (_, cost, budget, field) => {
    const id = await open(budget);
    const named = typeof cost.segment_id === 'string' ? { ...cost, segment_id: segments[cost.segment_id]! } : cost;
    const { status, body } = await enter('operator', id, named);
    expect([status, Object.keys(body.errors ?? {})]).toEqual([422, [field]]);
    expect(await postings(id)).toEqual([]);
  });

  test('when the budget is no longer in force, and from who may not', async () => {
    const id = await open({ status: 'closed' });
    expect((await enter('operator', id)).status).toBe(409);
    expect((await enter('viewer', await open())).status).toBe(403);
  });
});

test('a budget that only warns lets it through, and marks it', async () => {
  const id = await open({ at_limit: 'warn' });
  expect((await enter('manager', id, { amount: '1000.01' })).status).toBe(200);
  expect(await postings(id)).toMatchObject([{ over_limit: true }]);
});

test('the same cost of a document counts once; taken back, with a reason, it can be entered again', async () => {
  const id = await open();
  const both = await Promise.all([enter('operator', id), enter('manager', id)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await enter('operator', id, { cost_kind: 'referral' })).status).toBe(200);
  const [first] = await postings(id);
  const back = (reason: string) =>
    ask('manager', 'POST', `/api/budgets/${id}/_actions/reverse_cost`, { posting_id: first!.id!, reason });
  expect((await back('')).status).toBe(422);
  expect((await back('重复付款')).status).toBe(200);
  expect((await back('再来一次')).status).toBe(409);
  expect((await b.lines(id))[0]).toMatchObject({ spent: '120.50', released: '120.50' });
  expect((await enter('operator', id)).status).toBe(200);
  await b.addUp();
});

test('of thirty-two people who enter the last money at once, as many as it is enough for do', async () => {
  const id = await open();
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, at) => enter('operator', id, { amount: '99.99', document: `D-${at}` })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
  await b.addUp();
});
