/** Somebody asks to be forgotten: who may do it, what has to be typed, and that nobody comes back by a file, an order or an edit. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, HistoryEntry, Row } from '../../api/contract.ts';
import type { Person, TestApp } from '../app.ts';
import type { TestDatabase } from '../database.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  bench = await importBench();
  ({ t, app: a } = bench);
});
afterAll(() => bench?.close());

let number = 0;
async function person(): Promise<{ id: number; code: string }> {
  const code = `FORGET-${++number}`;
  const made = await a.as('pii')('POST', '/api/customers', {
    external_id: code,
    name: `甲乙${number}`,
    consent_sms: true,
  });
  expect(made.status, await made.clone().text()).toBe(201);
  return { id: ((await made.json()) as { id: number }).id, code };
}
const forget = (id: number, input: Row, as: Person = 'operator') =>
  a.as(as)('POST', `/api/customers/${id}/_actions/anonymise`, { reason: 'asked by letter', ...input });
const fault = async (answer: Response) =>
  Object.fromEntries(
    Object.entries(((await answer.json()) as ApiError).errors ?? {}).map(([field, { key }]) => [field, key]),
  );
const tell = (kind: 'orders' | 'returns' | 'events', body: Row) => a.as('operator')('POST', `/api/v1/${kind}`, body);
const order = (code: string, external_id: string) => ({
  ...{ external_id, customer_external_id: code, placed_at: '2026-03-01T10:00:00+08:00' },
  lines: [{ sku: 'cup', quantity: 1, unit_price: '10' }],
});

test.each(['customer_service', 'reviewer', 'manager', 'analyst', 'viewer'] as const)('%s may not', async (as) => {
  const { id, code } = await person();
  expect((await forget(id, { code }, as)).status).toBe(403);
});

test.each([
  ['code', 'somebody else', 'code_differs'],
  ['code', null, 'required'],
  ['reason', null, 'required'],
  ['reason', '甲乙 asked', null],
])('%s = %j is judged by its name', async (field, value, key) => {
  const { id, code } = await person();
  const answer = await forget(id, { code, [field]: value });
  expect(answer.status).toBe(key ? 422 : 200);
  if (key) expect(await fault(answer)).toEqual({ [field]: key });
});

test('the reason stays, so it must not say who it was; in the language of whoever asks', async () => {
  const { id, code } = await person();
  const answer = await a.as('operator')(
    'POST',
    `/api/customers/${id}/_actions/anonymise`,
    { code, reason: `甲乙${number} wrote` },
    { 'accept-language': 'zh' },
  );
  expect(answer.status).toBe(422);
  const { errors } = (await answer.json()) as ApiError;
  expect(errors?.reason?.message).toContain('请勿写入姓名');
});

test('done once; no edit, tier or point brings the person back, and the history keeps names of fields only', async () => {
  const { id, code } = await person();
  const [one, two] = await Promise.all([forget(id, { code }), forget(id, { code })]);
  expect([one.status, two.status].sort()).toEqual([200, 409]);
  for (const body of [{ status: 'active' }, { name: 'Back' }, { status: 'merged' }]) {
    const answer = await a.as('pii')('PATCH', `/api/customers/${id}`, body);
    expect(answer.status, JSON.stringify(body)).toBe(422);
    expect(Object.keys(await fault(answer))).toEqual(['status']);
  }
  const points = await a.as('operator')('POST', `/api/customers/${id}/_actions/adjust_points`, {
    points: 1,
    reason: 'x',
  });
  expect(points.status).toBe(409);
  const history = (await (await a.as('pii')('GET', `/api/customers/${id}/_history`)).json()) as HistoryEntry[];
  const told = JSON.stringify(history);
  expect(told).toContain('anonymise: asked by letter');
  expect(told).not.toContain(code);
  expect(told).not.toContain('甲乙');
});

test('nobody is made gone by an edit', async () => {
  const { id } = await person();
  const answer = await a.as('pii')('PATCH', `/api/customers/${id}`, { status: 'anonymised' });
  expect(answer.status).toBe(422);
});

test('whoever names the code again is told so; a return of an order that is here is booked, and a replay is one', async () => {
  const { id, code } = await person();
  expect((await tell('orders', order(code, 'A-1'))).status).toBe(201);
  expect((await forget(id, { code })).status).toBe(200);
  for (const [kind, body] of [
    ['orders', order(code, 'A-2')],
    [
      'returns',
      { external_id: 'R-0', customer_external_id: code, amount: '1.00', returned_at: '2026-03-02T10:00:00+08:00' },
    ],
    [
      'events',
      { external_id: 'E-1', kind: 'check_in', customer_external_id: code, occurred_at: '2026-03-02T10:00:00+08:00' },
    ],
    [
      'events',
      { external_id: 'E-2', kind: 'sign_up', customer_external_id: code, occurred_at: '2026-03-02T10:00:00+08:00' },
    ],
  ] as const) {
    const answer = await tell(kind, body as Row);
    expect(answer.status, kind).toBe(422);
    expect(await fault(answer)).toEqual({ customer_external_id: 'customer_erased' });
  }
  const again = await tell('orders', order(code, 'A-1'));
  expect(again.status).toBe(200);
  const back = await tell('returns', {
    ...{ external_id: 'R-1', order_external_id: 'A-1', customer_external_id: code, amount: '4.00' },
    returned_at: '2026-03-02T10:00:00+08:00',
  });
  expect(back.status, await back.clone().text()).toBe(201);
  const found = await t.db.selectFrom('app.orders').select('returned_amount').where('customer_id', '=', id).execute();
  expect(found).toEqual([{ returned_amount: '4.00' }]);
  const made = await a.as('pii')('POST', '/api/customers', { external_id: code });
  expect(made.status).toBe(422);
  expect(await fault(made)).toEqual({ external_id: 'customer_erased' });
  expect((await a.as('operator')('GET', `/api/v1/customers/${code}/status`)).status).toBe(404);
});

test('a file that names the code has that row refused, the others are taken', async () => {
  const { id, code } = await person();
  expect((await forget(id, { code })).status).toBe(200);
  const uploaded = await bench.upload('customers', `客户编号,姓名\n${code},Back\nNEW-${number},New\n`);
  const done = await bench.go(uploaded.id, 'run');
  expect(done).toMatchObject({ state: 'done', created: 1, wrong: 1 });
  expect(done.errors.map(({ row, key }) => [row, key])).toEqual([[2, 'customer_erased']]);
});

test('rows of files are gone with the person, on the screen and on disk', async () => {
  const { id, code } = await person();
  const uploaded = await bench.upload('customers', `客户编号,姓名,来源渠道\n${code},丙丁,nowhere\n`);
  await bench.go(uploaded.id, 'run');
  expect(await bench.errorsFile(uploaded.id)).toContain(code);
  expect((await forget(id, { code })).status).toBe(200);
  expect(JSON.stringify(await bench.status(uploaded.id))).not.toContain(code);
  expect((await a.as('pii')('GET', `/api/_imports/${uploaded.id}/errors.csv`)).status).toBe(404);
});
