/** What customers do beside buying, from shops and apps: taken once, refused with the field named, and earning by the rules. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { processFacts } from '../../api/engine/process.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';
import { jobDeps } from '../sql/segments.ts';

let t: TestDatabase;
let app: TestApp;
let ask: Ask;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  ask = app.as('operator');
  const p = await programme(t);
  await p.rule({ code: 'daily', trigger: 'check_in', effect: 'fixed', points: 5, max_per_day: 5 });
  await p.rule({ code: 'praise', trigger: 'review', effect: 'fixed', points: 20, condition: { rating: { gte: 4 } } });
  await p.rule({ code: 'sold', trigger: 'share', effect: 'fixed', points: 50, condition: { sold: { eq: true } } });
  await p.rule({
    code: 'quest',
    trigger: 'task_action',
    effect: 'fixed',
    points: 7,
    condition: { task_code: { eq: 'profile' } },
  });
});
afterAll(() => t?.close());

let number = 0;

function event(changes: { [field: string]: unknown } = {}) {
  const no = ++number;
  return { external_id: `E-${no}`, kind: 'check_in', occurred_at: '2026-03-01T10:00:00+08:00', ...changes };
}

async function send(body: unknown, as = ask) {
  const answer = await as('POST', '/api/v1/events', body);
  return { status: answer.status, body: (await answer.json()) as Row };
}

/** Somebody with an order. */
async function buyer(): Promise<{ external_id: string; order: string }> {
  const no = ++number;
  const answer = await ask('POST', '/api/v1/orders', {
    ...{ external_id: `A-${no}`, customer_external_id: `C-${no}`, placed_at: '2026-02-01T10:00:00+08:00' },
    lines: [{ sku: 'tea', quantity: 1, unit_price: '10.00' }],
  });
  expect(answer.status).toBe(201);
  return { external_id: `C-${no}`, order: `A-${no}` };
}

async function pointsOf(external_id: string): Promise<number> {
  await processFacts({ ...jobDeps(t), resources: new Map() }, { until_at: '2030-01-01 00:00+08' });
  const row = await t.db
    .selectFrom('app.points_accounts')
    .innerJoin('app.customers', 'app.customers.id', 'app.points_accounts.customer_id')
    .select('available')
    .where('app.customers.external_id', '=', external_id)
    .executeTakeFirst();
  return row?.available ?? 0;
}

function stored(external_id: string) {
  return t.db.selectFrom('app.events').selectAll().where('external_id', '=', external_id).execute();
}

describe('an event', () => {
  test('is stored in its month and read on its screen', async () => {
    const { external_id } = await buyer();
    const sent = event({ customer_external_id: external_id, kind: 'search', subject: '春茶', channel: 'app' });
    const { status, body } = await send(sent);
    expect(status).toBe(201);
    expect(body).toEqual({ external_id: sent.external_id, status: 'accepted', id: expect.any(Number) });
    const shown = (await (await ask('GET', `/api/events/${body.id}`)).json()) as Row;
    expect(shown).toMatchObject({ kind: 'search', subject: '春茶', channel: 'app', occurred_on: '2026-03-01' });
    expect((await ask('PATCH', `/api/events/${body.id}`, { subject: 'x' })).status).toBeGreaterThanOrEqual(400);
  });

  test('sent again is answered as the first time, for ever, whatever it says now', async () => {
    const { external_id } = await buyer();
    const sent = event({ customer_external_id: external_id });
    const first = await send(sent);
    const again = await send(sent);
    expect(again).toEqual({ status: 200, body: { ...first.body, status: 'replayed' } });
    const other = await send({ ...sent, customer_external_id: 'nobody', channel: 'web' });
    expect(other).toEqual({ status: 200, body: { ...first.body, status: 'replayed', differs: true } });
    expect(await stored(sent.external_id)).toHaveLength(1);
    expect(await pointsOf(external_id)).toBe(5);
  });

  test('of 32 clients at once is one', async () => {
    const { external_id } = await buyer();
    const sent = event({ customer_external_id: external_id });
    const answers = await Promise.all(Array.from({ length: 32 }, () => send(sent)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(31).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await stored(sent.external_id)).toHaveLength(1);
    expect(await pointsOf(external_id)).toBe(5);
  });

  test('one of a thousand that is wrong does not keep the others out', async () => {
    const { external_id } = await buyer();
    const good = event({ customer_external_id: external_id, kind: 'click', subject: '#buy' });
    const { status, body } = await send([
      good,
      event({ customer_external_id: 'nobody-knows' }),
      event({ customer_external_id: external_id, kind: 'dance' }),
      good,
    ]);
    expect(status).toBe(200);
    const results = body.results as unknown as Row[];
    expect(results.map(({ code }) => code)).toEqual([201, 422, 422, 200]);
    expect(results[1]).toMatchObject({ errors: { customer_external_id: { key: 'customer_unknown' } } });
    expect(Object.keys(results[2]!.errors as object)).toEqual(['kind']);
    expect(results[3]!.id).toBe(results[0]!.id);
  });

  test('a sign-up makes the customer known', async () => {
    const { status } = await send(event({ kind: 'sign_up', customer_external_id: 'N-1', channel: 'wecom' }));
    expect(status).toBe(201);
    const made = await t.db.selectFrom('app.customers').selectAll().where('external_id', '=', 'N-1').execute();
    expect(made).toMatchObject([{ channel: 'wecom', enrolled_on: '2026-03-01' }]);
  });
});

describe('what an event says must fit its kind', () => {
  const cases: [what: string, event: { [field: string]: unknown }, field: string, key: string][] = [
    ['no kind', { kind: undefined }, 'kind', 'required'],
    ['a time that is none', { occurred_at: 'yesterday' }, 'occurred_at', 'not_a_time'],
    ['a field nobody knows', { colour: 'red' }, 'colour', 'unknown_field'],
    ['a rating of a check-in', { rating: 5 }, 'rating', 'not_of_this_kind'],
    ['a review without rating', { kind: 'review', sku: 'tea' }, 'rating', 'required'],
    ['a review of nothing', { kind: 'review', rating: 5 }, 'order_external_id', 'review_of_what'],
    ['a rating of six', { kind: 'review', rating: 6, sku: 'tea' }, 'rating', 'too_large'],
    ['an unknown order', { kind: 'share', order_external_id: 'none' }, 'order_external_id', 'order_unknown'],
    ['an unknown product', { kind: 'review', rating: 5, sku: 'none' }, 'sku', 'product_unknown'],
    ['a source of an order alone', { kind: 'share', order_source: 'api' }, 'order_external_id', 'order_needed'],
    ['a search for nothing', { kind: 'search' }, 'subject', 'required'],
    ['text of the wrong kind', { kind: 'search', subject: { $ne: 1 } }, 'subject', ''],
    ['somebody unknown', { customer_external_id: "x' or 1=1 --" }, 'customer_external_id', 'customer_unknown'],
  ];
  test.each(cases)('%s is refused at its field, and nothing is stored', async (_what, changes, field, key) => {
    const { external_id } = await buyer();
    const sent = event({ customer_external_id: external_id, ...changes });
    const answer = await ask('POST', '/api/v1/events', sent);
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as ApiError;
    expect(Object.keys(errors!)).toEqual([field]);
    if (key) expect(errors![field]!.key).toBe(key);
    expect(errors![field]!.message).not.toBe('');
    expect(await stored(sent.external_id)).toEqual([]);
    const keys = t.db.selectFrom('app.fact_keys').selectAll().where('external_id', '=', sent.external_id);
    expect(await keys.execute()).toEqual([]);
  });

  test('a review of somebody else’s order is refused', async () => {
    const [one, other] = [await buyer(), await buyer()];
    const sent = event({
      kind: 'review',
      rating: 5,
      customer_external_id: one.external_id,
      order_external_id: other.order,
    });
    const { status, body } = await send(sent);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject({ order_external_id: { key: 'order_of_another' } });
  });

  test('whoever may not send facts is refused', async () => {
    expect((await send(event({ customer_external_id: 'x' }), app.as('analyst'))).status).toBe(403);
  });
});

describe('events earn', () => {
  test('a check-in once a day, a good review, a task by its code', async () => {
    const { external_id: customer_external_id, order } = await buyer();
    for (const changes of [
      { kind: 'check_in' },
      { kind: 'check_in', occurred_at: '2026-03-01T23:59:00+08:00' },
      { kind: 'check_in', occurred_at: '2026-03-02T00:00:00+08:00' },
      { kind: 'review', rating: 5, order_external_id: order },
      { kind: 'review', rating: 3, order_external_id: order },
      { kind: 'task_action', task_code: 'profile' },
      { kind: 'task_action', task_code: 'other' },
      { kind: 'page_view', subject: '/home' },
    ])
      expect((await send(event({ customer_external_id, ...changes }))).status).toBe(201);
    expect(await pointsOf(customer_external_id)).toBe(5 + 5 + 20 + 7);
    const decided = await sql<{ fact_kind: string; outcome: string; points: number }>`
      select decisions.fact_kind, outcome, points
      from app.decisions
      inner join app.customers on customers.id = decisions.customer_id
      where customers.external_id = ${customer_external_id}
      order by decisions.id
    `.execute(t.db);
    expect(decided.rows).toContainEqual({ fact_kind: 'check_in', outcome: 'capped', points: 0 });
  });

  test('a share only when it led to the order of somebody else', async () => {
    const [sharer, friend] = [await buyer(), await buyer()];
    const share = { kind: 'share', customer_external_id: sharer.external_id };
    await send(event(share));
    await send(event({ ...share, order_external_id: sharer.order }));
    expect(await pointsOf(sharer.external_id)).toBe(0);
    await send(event({ ...share, order_external_id: friend.order }));
    expect(await pointsOf(sharer.external_id)).toBe(50);
  });

  test('a late event gives what it would have given on time', async () => {
    const { external_id: customer_external_id } = await buyer();
    await send(event({ customer_external_id, occurred_at: '2026-03-05T12:00:00+08:00' }));
    expect(await pointsOf(customer_external_id)).toBe(5);
    await send(event({ customer_external_id, occurred_at: '2026-03-05T09:00:00+08:00' }));
    expect(await pointsOf(customer_external_id)).toBe(5);
    await send(event({ customer_external_id, occurred_at: '2026-03-03T09:00:00+08:00' }));
    expect(await pointsOf(customer_external_id)).toBe(10);
  });
});

test('months to come have partitions of their own; what does not earn goes after its time, what earns stays', async () => {
  const { external_id: customer_external_id } = await buyer();
  const kept = event({ customer_external_id, occurred_at: '2026-03-01T12:00:00+08:00' });
  const gone = event({
    customer_external_id,
    occurred_at: '2026-03-01T12:00:00+08:00',
    kind: 'scan',
    subject: 'poster',
  });
  const fresh = event({
    customer_external_id,
    occurred_at: '2030-06-10T12:00:00+08:00',
    kind: 'scan',
    subject: 'poster',
  });
  await send([kept, gone, fresh]);
  for (let run = 0; run < 2; run++) await sql`select ops.event_upkeep('2030-06-01')`.execute(t.db);
  expect(await stored(kept.external_id)).toHaveLength(1);
  expect(await stored(gone.external_id)).toHaveLength(0);
  const { rows } =
    await sql`select tableoid::regclass::text as place from app.events where external_id = ${fresh.external_id}`.execute(
      t.db,
    );
  expect(rows).toEqual([{ place: 'app.events_203006' }]);
});
