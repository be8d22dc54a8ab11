/** Budgets that add up to the cent whoever edits them, and money that moves only as their own rules allow. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { forgetProgramme } from '../../api/programme.ts';
import { seedNew } from '../../api/seed.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let segments: { [code: string]: number };
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
  const rows = (await (await a.as('viewer')('GET', '/api/segments?_start=0&_end=50')).json()) as Row[];
  segments = Object.fromEntries(rows.map((row) => [row.code, row.id])) as typeof segments;
});
afterAll(() => t?.close());

async function ask(person: Person, method: string, path: string, body?: unknown, headers = {}) {
  const answer = await a.as(person)(method, path, body, headers);
  return { status: answer.status, body: (await answer.json()) as Row & ApiError };
}
const split = (shares: [code: string, share: string, amount: string][]): Row[] =>
  shares.map(([code, share, amount]) => ({ segment_id: segments[code]!, share, amount }));
const kinds = (amounts: [string, string, string, string]): Row[] =>
  (['referral', 'promotion', 'technology', 'contingency'] as const).map((cost_kind, at) => ({
    cost_kind,
    share: ['0.6', '0.2', '0.15', '0.05'][at]!,
    amount: amounts[at]!,
  }));
let made = 0;
function budget(more: Row = {}): Row {
  return {
    code: `test_${++made}`,
    name: '测试预算',
    name_en: 'Test',
    kind: 'period',
    starts_on: '2026-01-01',
    ends_on: '2026-12-31',
    total: '100000',
    segment_lines: split([
      ['new', '0.2', '20000'],
      ['active', '0.5', '50000'],
      ['dormant', '0.3', '30000'],
      ['other', '0', '0'],
    ]),
    cost_lines: kinds(['60000', '20000', '15000', '5000']),
    ...more,
  };
}
async function make(more: Row = {}): Promise<Row> {
  const { status, body } = await ask('operator', 'POST', '/api/budgets', budget(more));
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}
async function running(more: Row = {}): Promise<Row> {
  const { id } = await make(more);
  expect((await ask('manager', 'POST', `/api/budgets/${id}/_actions/activate`, {})).status).toBe(200);
  return (await ask('operator', 'GET', `/api/budgets/${id}`)).body;
}
const move = (person: Person, id: unknown, more: Row) =>
  ask(person, 'POST', `/api/budgets/${id}/_actions/move`, {
    dimension: 'segment',
    from_segment_id: segments.dormant!,
    to_segment_id: segments.active!,
    reason: '测试',
    ...more,
  });
async function amounts(id: unknown): Promise<string[]> {
  const { body } = await ask('operator', 'GET', `/api/budgets/${id}`);
  return (body.segment_lines as Row[]).map((line) => String(line.amount));
}

test('the programme comes with a budget split as agreed', async () => {
  const [found] = (
    await ask('viewer', 'GET', '/api/budgets?code=programme_year&_fields=total,status,segment_lines,cost_lines')
  ).body as unknown as Row[];
  expect(found).toMatchObject({ status: 'draft', total: '1000000.00' });
  const shown = (lines: unknown) => (lines as Row[]).map((line) => [line.share, line.amount]);
  expect(shown(found!.segment_lines)).toEqual([
    ['0.200000', '200000.00'],
    ['0.500000', '500000.00'],
    ['0.300000', '300000.00'],
    ['0.000000', '0.00'],
  ]);
  expect((found!.segment_lines as Row[]).map((line) => line.segment_id)).toEqual([
    segments.new,
    segments.active,
    segments.dormant,
    segments.other,
  ]);
  expect(shown(found!.cost_lines)).toEqual([
    ['0.600000', '600000.00'],
    ['0.200000', '200000.00'],
    ['0.150000', '150000.00'],
    ['0.050000', '50000.00'],
  ]);
});

test('a new budget proposes that split', async () => {
  const meta = (await ask('operator', 'GET', '/api/_meta')).body as unknown as {
    resources: { name: string; fields: { [name: string]: { default?: Row[] } } }[];
  };
  const { fields } = meta.resources.find((each) => each.name === 'budgets')!;
  expect(fields.segment_lines!.default!.map((line) => [line.segment_id, line.share])).toEqual([
    [segments.new, '0.2'],
    [segments.active, '0.5'],
    [segments.dormant, '0.3'],
    [segments.other, '0'],
  ]);
});

describe('a split that does not add up is refused', () => {
  test.each<[string, () => Row, { [field: string]: string }]>([
    [
      'shares',
      () => ({
        segment_lines: split([
          ['new', '0.2', '20000'],
          ['active', '0.5', '80000'],
        ]),
      }),
      { segment_lines: 'The Share must add up to 100%; now 70%, 30% to go' },
    ],
    [
      'amounts, by a cent',
      () => ({ cost_lines: kinds(['60000', '20000', '15000', '4999.99']) }),
      { cost_lines: 'The Amount must add up to 100000.00; now 99999.99, 0.01 to go' },
    ],
    [
      'a segment twice',
      () => ({
        segment_lines: split([
          ['new', '0.5', '50000'],
          ['new', '0.5', '50000'],
        ]),
      }),
      { 'segment_lines.1.segment_id': 'Segment is the same as in a row before' },
    ],
    [
      'amounts that are not the shares',
      () => ({
        segment_lines: split([
          ['new', '0.5', '40000'],
          ['active', '0.5', '60000'],
        ]),
      }),
      { segment_lines: 'Amounts and shares do not agree. Use "Amount by Share"' },
    ],
    ['no lines at all', () => ({ segment_lines: [] }), { segment_lines: 'Add entries to Split by segment' }],
    [
      'a warning after the limit',
      () => ({ warn_at: '0.9', stop_at: '0.8' }),
      { warn_at: 'The warning must not come after the limit' },
    ],
    ['a period without its end', () => ({ ends_on: null }), { ends_on: 'Choose a date for Ends on' }],
  ])('%s', async (_, more, expected) => {
    const { status, body } = await ask('operator', 'POST', '/api/budgets', budget(more()));
    expect(status).toBe(422);
    expect(Object.fromEntries(Object.entries(body.errors!).map(([path, { message }]) => [path, message]))).toEqual(
      expected,
    );
  });
});

test('a third of a hundred adds up by the largest remainder', async () => {
  await make({
    total: '100',
    segment_lines: split([
      ['new', '0.3334', '33.34'],
      ['active', '0.3333', '33.33'],
      ['dormant', '0.3333', '33.33'],
    ]),
    cost_lines: kinds(['60', '20', '15', '5']),
  });
});

test('after thirty-two edits at once every budget still adds up', { timeout: 60_000 }, async () => {
  const { id, segment_lines } = await make();
  const [first, second] = segment_lines as [Row, Row];
  // What is known of the programme runs out in the middle: nobody may wait for a second connection with the rows locked.
  const forgetful = setInterval(() => forgetProgramme(t.db), 1);
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, at) => {
      const share = (at / 100).toFixed(2);
      const other = (0.7 - at / 100).toFixed(2);
      // Every fourth leaves a hole.
      const hole = at % 4 === 3 ? 1 : 0;
      const lines = [
        { id: first.id!, share, amount: String(at * 1000 - hole) },
        { id: second.id!, share: other, amount: String(70_000 - at * 1000) },
        ...(segment_lines as Row[]).slice(2),
      ];
      return ask('operator', 'PATCH', `/api/budgets/${id}`, { segment_lines: lines });
    }),
  );
  clearInterval(forgetful);
  for (const [at, { status }] of answers.entries()) {
    if (at % 4 === 3) expect(status).toBe(422);
    else expect(status).toBe(200);
  }
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  const total = (await amounts(id)).reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);
  expect(total).toBe(10_000_000);
});

describe('in force', () => {
  test('amounts are not edited, but everything else is', async () => {
    const { id, segment_lines, version } = await running();
    const [first] = segment_lines as Row[];
    const edited = await ask('operator', 'PATCH', `/api/budgets/${id}`, {
      segment_lines: [{ ...first, amount: '1' }, ...(segment_lines as Row[]).slice(1)],
    });
    expect(edited.status).toBe(422);
    expect(edited.body.errors).toMatchObject({ segment_lines: { key: 'readonly_now' } });
    expect((await ask('operator', 'PATCH', `/api/budgets/${id}`, { total: '1' })).status).toBe(422);
    const note = await ask('operator', 'PATCH', `/api/budgets/${id}`, { note: '说明' });
    expect(note.body).toMatchObject({ note: '说明', version: (version as number) + 1 });
    expect((await ask('operator', 'DELETE', `/api/budgets/${id}`)).status).toBe(409);
  });

  test('money moves at once up to the limit, with the reason on record', async () => {
    const { id } = await running();
    const { status, body } = await move('operator', id, { amount: '5000' });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(await amounts(id)).toEqual(['20000.00', '55000.00', '25000.00', '0.00']);
    const [entry] = (await ask('viewer', 'GET', `/api/budget_moves?budget_id=${id}`)).body as unknown as Row[];
    expect(entry).toMatchObject({
      title: '沉睡 → 活跃',
      title_en: 'Dormant → Active',
      amount: '5000.00',
      state: 'applied',
      reason: '测试',
    });
  });

  test('above the limit it waits for somebody else, who must be an approver', async () => {
    const { id } = await running();
    const asked = await move('operator', id, { amount: '5000.01' });
    expect(asked.status).toBe(200);
    const waiting = asked.body.id as number;
    expect(await amounts(id)).toEqual(['20000.00', '50000.00', '30000.00', '0.00']);
    const decide = (person: Person) => ask(person, 'POST', `/api/budget_moves/${waiting}/_actions/approve`, {});
    expect((await decide('operator')).status).toBe(403);
    expect((await decide('reviewer')).status).toBe(403);
    const both = await Promise.all([decide('manager'), decide('administrator')]);
    expect(both.map((each) => each.status).sort()).toEqual([200, 409]);
    expect(await amounts(id)).toEqual(['20000.00', '55000.01', '24999.99', '0.00']);
    const own = await move('manager', id, { amount: '9000' });
    expect(own.status).toBe(200);
    expect(await amounts(id)).toEqual(['20000.00', '64000.01', '15999.99', '0.00']);
  });

  test('nobody moves what is not there, or without a role that may', async () => {
    const { id } = await running();
    const much = await move('manager', id, { amount: '30000.01' });
    expect(much.body.errors).toMatchObject({ amount: { message: 'Only 30000.00 is left in that line' } });
    expect((await move('customer_service', id, { amount: '1' })).status).toBe(403);
    const same = await move('operator', id, { amount: '1', to_segment_id: segments.dormant! });
    expect(Object.keys(same.body.errors!)).toEqual(['to_segment_id']);
    const unsaid = await move('operator', id, { amount: '1', reason: '' });
    expect(Object.keys(unsaid.body.errors!)).toEqual(['reason']);
    const crossed = await ask('operator', 'POST', `/api/budgets/${id}/_actions/move`, {
      dimension: 'cost_kind',
      amount: '1',
      reason: 'x',
    });
    expect(Object.keys(crossed.body.errors!).sort()).toEqual(['from_cost_kind', 'to_cost_kind']);
  });

  test('thirty-two people who move the last money at once move it once', { timeout: 60_000 }, async () => {
    const { id } = await running();
    const answers = await Promise.all(Array.from({ length: 32 }, () => move('operator', id, { amount: '4000' })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(await amounts(id)).toEqual(['20000.00', '78000.00', '2000.00', '0.00']);
  });

  test('closed, its moves that wait are refused', async () => {
    const { id } = await running();
    const { body } = await move('operator', id, { amount: '6000' });
    expect((await ask('operator', 'POST', `/api/budgets/${id}/_actions/close`, {})).status).toBe(403);
    expect((await ask('manager', 'POST', `/api/budgets/${id}/_actions/close`, {})).status).toBe(200);
    expect((await ask('viewer', 'GET', `/api/budget_moves/${body.id}`)).body).toMatchObject({ state: 'refused' });
    expect((await move('operator', id, { amount: '1' })).status).toBe(409);
  });
});
