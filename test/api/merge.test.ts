/** Staff merge duplicates: what is asked before, what is refused, several at once, and where the old code leads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionPreview, ApiError, HistoryEntry, Row } from '../../api/contract.ts';
import { processFacts } from '../../api/engine/process.ts';
import type { Person, TestApp } from '../app.ts';
import type { TestDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  bench = await importBench();
  ({ t, app: a } = bench);
  const p = await programme(t);
  await p.rule({ code: 'purchase', effect: 'per_amount', points: 1, per_amount: '1' });
  await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  await p.tier({ code: 'silver', rank: 1, enter_at: '150', validity_kind: 'forever', downgrade: 'none' });
});
afterAll(() => bench?.close());

let number = 0;
interface Somebody {
  id: number;
  code: string;
}
async function person(more: Row = {}): Promise<Somebody> {
  const code = `M-${++number}`;
  const made = await a.as('pii')('POST', '/api/customers', {
    external_id: code,
    enrolled_at: '2026-01-01T00:00:00Z',
    ...more,
  });
  expect(made.status, await made.clone().text()).toBe(201);
  return { id: ((await made.json()) as { id: number }).id, code };
}
let sent = 0;
const order = (code: string, external_id = `O-${++sent}`) => ({
  ...{ external_id, customer_external_id: code, placed_at: '2026-03-01T10:00:00+08:00' },
  lines: [{ sku: 'cup', quantity: 1, unit_price: '100' }],
});
const tell = (kind: 'orders' | 'returns' | 'events' | 'redemptions', body: Row) =>
  a.as('operator')('POST', `/api/v1/${kind}`, body);
const work = () => processFacts(a.deps, { until_at: '2030-01-01 00:00+08' });
const merge = (survivor: Somebody, duplicate: Somebody | { id: unknown }, as: Person = 'operator', more: Row = {}) =>
  a.as(as)('POST', `/api/customers/${survivor.id}/_actions/merge_duplicate`, {
    ...{ duplicate: duplicate.id as number, reason: 'the same person called' },
    ...more,
  });
const fault = async (answer: Response) =>
  Object.fromEntries(
    Object.entries(((await answer.json()) as ApiError).errors ?? {}).map(([field, { key }]) => [field, key]),
  );
async function bought(...people: Somebody[]): Promise<void> {
  for (const { code } of people) expect((await tell('orders', order(code))).status).toBe(201);
  await work();
}
async function status(code: string): Promise<{ code: string; balance: number; tier: string | null }> {
  const answer = await a.as('operator')('GET', `/api/v1/customers/${code}/status`);
  const said = (await answer.json()) as {
    customer_external_id: string;
    points: { balance: number };
    tier: { code: string } | null;
  };
  return { code: said.customer_external_id, balance: said.points.balance, tier: said.tier?.code ?? null };
}
async function row(id: number) {
  return t.db.selectFrom('app.customers').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

test('the preview says what it comes to, and does nothing', async () => {
  const [one, two] = [await person(), await person()];
  await bought(one, two);
  const answer = await a.as('operator')('POST', `/api/customers/${one.id}/_actions/merge_duplicate/_preview`, {
    duplicate: two.id,
  });
  expect(answer.status, await answer.clone().text()).toBe(200);
  const { columns, rows, notes } = (await answer.json()) as ActionPreview;
  expect(columns).toHaveLength(3);
  const said = Object.fromEntries(rows.map(({ label, values }) => [label, values]));
  expect(said).toMatchObject({
    ...{
      'Customer no.': [one.code, two.code, one.code],
      Orders: ['1', '1', '2'],
      'Net spend': ['100.00', '100.00', '200.00'],
    },
    ...{ Points: ['100', '100', '200'], Tier: ['regular', 'regular', 'silver'] },
  });
  expect(notes.at(-1)).toBe('A merge cannot be undone.');
  expect(await status(two.code)).toEqual({ code: two.code, balance: 100, tier: 'regular' });
  const zh = await a.as('operator')(
    'POST',
    `/api/customers/${one.id}/_actions/merge_duplicate/_preview`,
    { duplicate: two.id },
    { 'accept-language': 'zh' },
  );
  expect(((await zh.json()) as ActionPreview).columns[2]).toBe('合并后');
});

test('orders, points and tier are those of one; the other says where it went and is in no list', async () => {
  const [one, two] = [
    await person({ tags: ['a'], name: '林一' }),
    await person({ tags: ['b'], phone: '13900001111', consent_sms: true }),
  ];
  await bought(one, two);
  const answer = await merge(one, two);
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(((await answer.json()) as { message: string }).message).toBe(
    'Merged: the balance is 200 now, the tier “silver”',
  );
  expect(await status(one.code)).toEqual({ code: one.code, balance: 200, tier: 'silver' });
  expect(await row(one.id)).toMatchObject({ name: '林一', phone: '13900001111', tags: ['a', 'b'], consent_sms: false });
  const list = async (query: string) =>
    ((await (await a.as('viewer')('GET', `/api/customers?${query}`)).json()) as Row[]).map(({ id }) => id);
  expect(await list('_end=100')).not.toContain(two.id);
  expect(await list('_scope=merged&_end=100')).toContain(two.id);
  const page = (await (await a.as('viewer')('GET', `/api/customers/${two.id}`)).json()) as Row;
  expect(page).toMatchObject({ status: 'merged', merged_into_id: one.id });
  for (const [id, field] of [
    [one.id, 'tags'],
    [two.id, 'merged_into_id'],
  ] as const) {
    const history = (await (await a.as('pii')('GET', `/api/customers/${id}/_history`)).json()) as HistoryEntry[];
    expect(history[0]).toMatchObject({ action: 'action', reason: 'merge_duplicate: the same person called' });
    expect(JSON.stringify(history[0])).toContain(field);
  }
  for (const body of [{ status: 'active' }, { name: 'x' }])
    expect((await a.as('pii')('PATCH', `/api/customers/${two.id}`, body)).status).toBe(422);
});

describe('whatever names the old code is the survivor’s', () => {
  test('orders, returns before and after, events, redemptions, files of customers and of orders', async () => {
    const [one, two] = [await person(), await person()];
    await bought(one, two);
    const early = {
      external_id: `R-${++sent}`,
      order_external_id: `O-late-${two.code}`,
      customer_external_id: two.code,
    };
    expect(
      (await tell('returns', { ...early, amount: '30.00', returned_at: '2026-03-02T10:00:00+08:00' })).status,
    ).toBeLessThan(300);
    expect((await merge(one, two)).status).toBe(200);
    expect((await tell('orders', order(two.code, `O-late-${two.code}`))).status).toBe(201);
    expect((await tell('orders', order(two.code, `O-late-${two.code}`))).status).toBe(200);
    const event = await tell('events', {
      external_id: `E-${two.code}`,
      kind: 'check_in',
      customer_external_id: two.code,
      occurred_at: '2026-03-02T10:00:00+08:00',
    });
    expect(event.status, await event.clone().text()).toBe(201);
    await work();
    expect(await status(two.code)).toEqual({ code: one.code, balance: 270, tier: 'silver' });
    const spent = await tell('redemptions', {
      external_id: `B-${two.code}`,
      customer_external_id: two.code,
      points: 20,
      purpose: 'order',
      confirm: true,
    });
    expect(spent.status, await spent.clone().text()).toBe(201);
    expect((await status(one.code)).balance).toBe(250);
    const customers = await bench.upload('customers', `客户编号,姓名\n${two.code},阮玲\n`);
    expect(await bench.go(customers.id, 'run')).toMatchObject({ state: 'done', updated: 1, created: 0, wrong: 0 });
    expect(await row(one.id)).toMatchObject({ name: '阮玲' });
    expect(await row(two.id)).toMatchObject({ name: null });
    const both = await bench.upload('customers', `客户编号,姓名\n${one.code},阮一\n${two.code},阮二\n`);
    const done = await bench.go(both.id, 'run');
    expect(done.errors.map(({ row: at, key }) => [at, key])).toEqual([[3, 'import_same_record']]);
    const counts = await t.db
      .selectFrom('app.orders')
      .select(['customer_id', 'returned_amount'])
      .where('customer_id', 'in', [one.id, two.id])
      .orderBy('id')
      .execute();
    expect(counts).toEqual([0, 0, 30].map((cents) => ({ customer_id: one.id, returned_amount: `${cents}.00` })));
  });
});

describe('is refused by name', () => {
  test.each([
    ['itself', async (one: Somebody) => one, 'merge_self'],
    [
      'somebody merged',
      async () => {
        const [gone, into] = [await person(), await person()];
        expect((await merge(into, gone)).status).toBe(200);
        return gone;
      },
      'merged_already',
    ],
    [
      'somebody anonymised',
      async () => {
        const gone = await person();
        expect(
          (
            await a.as('operator')('POST', `/api/customers/${gone.id}/_actions/anonymise`, {
              code: gone.code,
              reason: 'x',
            })
          ).status,
        ).toBe(200);
        return gone;
      },
      'merge_anonymous',
    ],
    ['the anonymous buyer', async () => ({ id: 0, code: '' }), 'merge_anonymous'],
    ['nobody', async () => ({ id: 999_999, code: '' }), null],
    ['no number', async () => ({ id: 'x', code: '' }) as never, null],
  ] as const)('%s', async (_, whom, key) => {
    const one = await person();
    const other = await whom(one);
    for (const path of ['merge_duplicate', 'merge_duplicate/_preview']) {
      const answer = await a.as('operator')('POST', `/api/customers/${one.id}/_actions/${path}`, {
        duplicate: other.id,
        reason: 'x',
      });
      expect(answer.status, await answer.clone().text()).toBe(422);
      const said = await fault(answer);
      expect(Object.keys(said)).toEqual(['duplicate']);
      if (key) expect(said.duplicate).toBe(key);
    }
  });
  test('without a reason, without the right, and of a page that is merged itself', async () => {
    const [one, two] = [await person(), await person()];
    expect(await fault(await merge(one, two, 'operator', { reason: null }))).toEqual({ reason: 'required' });
    for (const as of ['customer_service', 'viewer'] as const) expect((await merge(one, two, as)).status).toBe(403);
    expect((await merge(one, two)).status).toBe(200);
    expect((await merge(two, await person())).status).toBe(409);
    expect(
      (
        await a.as('viewer')('POST', `/api/customers/${one.id}/_actions/merge_duplicate/_preview`, {
          duplicate: two.id,
        })
      ).status,
    ).toBe(403);
    expect((await a.as('operator')('POST', `/api/customers/${one.id}/_actions/set_tier/_preview`, {})).status).toBe(
      404,
    );
  });
});

test('a chain ends at the last: codes of all lead there, whatever the order of merging', async () => {
  const [one, two, three] = [await person(), await person(), await person()];
  await bought(one, two, three);
  expect((await merge(two, three)).status).toBe(200);
  expect((await merge(one, two)).status).toBe(200);
  for (const { code } of [one, two, three])
    expect(await status(code)).toEqual({ code: one.code, balance: 300, tier: 'silver' });
  expect((await row(three.id)).merged_into_id).toBe(one.id);
  const links = await t.db
    .selectFrom('app.customer_links')
    .select(['customer_id', 'survivor_id'])
    .where('customer_id', 'in', [two.id, three.id])
    .orderBy('customer_id')
    .execute();
  expect(links).toEqual([
    { customer_id: two.id, survivor_id: one.id },
    { customer_id: three.id, survivor_id: two.id },
  ]);
  // Whoever is forgotten is so with all of their codes.
  expect(
    (await a.as('operator')('POST', `/api/customers/${one.id}/_actions/anonymise`, { code: one.code, reason: 'x' }))
      .status,
  ).toBe(200);
  for (const { code } of [one, two, three])
    expect(await fault(await tell('orders', order(code)))).toEqual({ customer_external_id: 'customer_erased' });
});

describe('at the same moment', () => {
  test('into each other: one is, the other is told so', async () => {
    for (let round = 0; round < 5; round++) {
      const [one, two] = [await person(), await person()];
      await bought(one, two);
      const answers = await Promise.all([merge(one, two), merge(two, one), merge(one, two), merge(two, one)]);
      const statuses = answers.map(({ status: said }) => said);
      expect(statuses.filter((said) => said === 200)).toHaveLength(1);
      expect(
        statuses.every((said) => [200, 409, 422].includes(said)),
        statuses.join(),
      ).toBe(true);
      expect((await status(one.code)).balance).toBe(200);
    }
  });
  test('16 shops go on selling to both, taking back and redeeming: nothing is lost, nothing is left behind', async () => {
    const [one, two] = [await person(), await person()];
    await bought(one, two);
    const shops = Array.from({ length: 16 }, async (_, shop) => {
      const { code } = shop % 2 ? one : two;
      for (let at = 0; at < 3; at++) {
        const placed = order(code);
        expect((await tell('orders', placed)).status).toBe(201);
        const back = await tell('returns', {
          external_id: `R-${placed.external_id}`,
          order_external_id: placed.external_id,
          customer_external_id: code,
          amount: '40.00',
          returned_at: '2026-03-02T10:00:00+08:00',
        });
        expect(back.status, await back.clone().text()).toBe(201);
        const event = await tell('events', {
          external_id: `E-${placed.external_id}`,
          kind: 'check_in',
          customer_external_id: code,
          occurred_at: '2026-03-02T10:00:00+08:00',
        });
        expect(event.status).toBe(201);
      }
      const spent = await tell('redemptions', {
        external_id: `B-${shop}-${code}`,
        customer_external_id: code,
        points: 1,
        purpose: 'order',
        confirm: true,
      });
      expect([201, 409, 422]).toContain(spent.status);
      return spent.status;
    });
    const merged = merge(one, two);
    const spent = (await Promise.all(shops)).filter((said) => said === 201).length;
    const answer = await merged;
    expect(answer.status, await answer.clone().text()).toBe(200);
    await work();
    expect((await status(two.code)).balance).toBe(200 + 48 * 60 - spent);
    for (const table of ['orders', 'returns', 'events', 'redemptions', 'inbox', 'fact_keys', 'points_lots'] as const) {
      const left = await t.db
        .selectFrom(`app.${table}`)
        .select('customer_id')
        .where('customer_id', '=', two.id)
        .execute();
      expect(left, table).toEqual([]);
    }
  });
  test('what arrives while a merge is under way waits for it, and is the survivor’s', async () => {
    const [one, two] = [await person(), await person()];
    const placed = order(two.code);
    expect((await tell('orders', placed)).status).toBe(201);
    await work();
    const client = await t.pool.connect();
    const at = '2026-03-02T10:00:00+08:00';
    try {
      await client.query('begin');
      await client.query('select ops.merge_customers($1, $2, null, $3)', [one.id, two.id, 'test']);
      const late = [
        tell('orders', order(two.code)),
        tell('events', {
          external_id: `E-${two.code}`,
          kind: 'check_in',
          customer_external_id: two.code,
          occurred_at: at,
        }),
        tell('returns', {
          external_id: `R1-${two.code}`,
          customer_external_id: two.code,
          amount: '1.00',
          returned_at: at,
        }),
        tell('returns', {
          ...{ external_id: `R2-${two.code}`, order_external_id: placed.external_id, customer_external_id: two.code },
          ...{ amount: '30.00', returned_at: at },
        }),
        tell('redemptions', {
          external_id: `B-${two.code}`,
          customer_external_id: two.code,
          points: 1,
          purpose: 'order',
        }),
      ];
      await new Promise((done) => setTimeout(done, 400));
      await client.query('commit');
      const statuses = (await Promise.all(late)).map(({ status: said }) => said);
      expect(statuses.slice(0, 4)).toEqual([201, 201, 201, 201]);
      // A redemption is of the account it was asked of: whoever asks again asks the survivor's.
      expect(statuses[4]).toBe(409);
    } finally {
      client.release();
    }
    await work();
    for (const table of ['orders', 'returns', 'events', 'redemptions', 'inbox', 'fact_keys'] as const) {
      const left = await t.db
        .selectFrom(`app.${table}`)
        .select('customer_id')
        .where('customer_id', '=', two.id)
        .execute();
      expect(left, table).toEqual([]);
    }
    expect((await status(two.code)).balance).toBe(170);
  });
  test('ten into one, all at once', async () => {
    const [one, ...others] = await Promise.all(Array.from({ length: 11 }, () => person()));
    await bought(one!, ...others);
    const answers = await Promise.all(others.map((other) => merge(one!, other)));
    for (const answer of answers) expect(answer.status, await answer.clone().text()).toBe(200);
    expect((await status(one!.code)).balance).toBe(1100);
  });
});

test('where a rule asks for consent it waits, and is done when somebody else agrees', async () => {
  const rule = await a.as('administrator')('POST', '/api/approval_rules', {
    ...{ name: '合并须审批', name_en: 'Merges', resource: 'customers', occasions: ['action'], roles: ['manager'] },
  });
  expect(rule.status, await rule.clone().text()).toBe(201);
  const [one, two] = [await person(), await person()];
  const asked = await merge(one, two);
  expect(asked.status, await asked.clone().text()).toBe(202);
  expect((await row(two.id)).merged_into_id).toBeNull();
  const requests = (await (await a.as('manager')('GET', '/api/change_requests?state=in_review')).json()) as {
    id: number;
  }[];
  const agreed = await a.as('manager')('POST', `/api/change_requests/${requests[0]!.id}/_actions/approve`, {});
  expect(agreed.status, await agreed.clone().text()).toBe(200);
  expect((await row(two.id)).merged_into_id).toBe(one.id);
});
