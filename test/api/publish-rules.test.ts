/** Rules and tiers on their way into force: what they would do, from when they hold, and back; seen by what orders earn. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HistoryEntry, Impact, Row } from '../../api/contract.ts';
import { processFacts } from '../../api/engine/process.ts';
import { runJob } from '../../api/jobs.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let purchase: number;
let silver: number;
let customer: number;
let number = 0;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  purchase = await made('/api/earn_rules', {
    ...{ code: 'purchase', name: 'purchase', name_en: 'purchase', status: 'active', points: 1, per_amount: '1' },
  });
  const spend = { basis: 'spend', window_kind: 'lifetime', validity_kind: 'forever', downgrade: 'none' };
  await made('/api/tiers', { code: 'regular', name: 'r', name_en: 'Regular', rank: 0, enter_at: '0', ...spend });
  silver = await made('/api/tiers', {
    ...{ code: 'silver', name: 's', name_en: 'Silver', rank: 1, enter_at: '1000', ...spend },
  });
});
afterAll(() => t?.close());
beforeEach(async () => {
  customer = await made('/api/customers', { external_id: `p${++number}` });
});

async function made(path: string, body: Row): Promise<number> {
  const answer = await a.as('operator')('POST', path, body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
const json = async <T>(answer: Promise<Response>): Promise<T> => {
  const got = await answer;
  expect(got.status, await got.clone().text()).toBeLessThan(300);
  return (await got.json()) as T;
};
const ask = (method: string, path: string, body?: Row, person: Person = 'operator') =>
  json<Row>(a.as(person)(method, path, body));
// The database's clock may be a moment ahead of this one.
const work = () => processFacts(a.deps, { until_at: new Date(Date.now() + 2_000).toISOString() });

/** An order of 100 so many seconds ago. @returns its number */
async function order(seconds = 0): Promise<number> {
  const { id } = await t.db
    .insertInto('app.orders')
    .values({
      ...{ customer_id: customer, source: 'test', external_id: `o${++number}`, amount: '100', placed_on: '2026-01-01' },
      placed_at: sql<string>`clock_timestamp() - make_interval(secs => ${seconds})`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
/** What an order has given, as the ledger has it. */
async function earned(order_id: number): Promise<number> {
  const { rows } = await sql<{ points: number }>`
    select coalesce(sum(case when to_state in ('pending', 'available') and from_state = 'issued' then points when to_state = 'issued' then -points end), 0)::integer as points
    from app.points_entries
    where book_id = 0 and origin_kind = 'order' and origin_id = ${order_id} and rule_id = ${purchase} and kind = 'earn'
  `.execute(t.db);
  return Number(rows[0]!.points);
}
async function tierOf(of: number): Promise<string | undefined> {
  const found = await t.db
    .selectFrom('app.tier_states')
    .innerJoin('app.tiers', 'app.tiers.id', 'app.tier_states.tier_id')
    .select('app.tiers.code')
    .where('book_id', '=', 0)
    .where('customer_id', '=', of)
    .executeTakeFirst();
  return found?.code;
}
async function revertLast(resource: string, id: number): Promise<void> {
  const [last] = await json<HistoryEntry[]>(a.as('operator')('GET', `/api/${resource}/${id}/_history`));
  await ask('POST', `/api/${resource}/${id}/_revert`, { entry: last!.id });
}

test('a rule is previewed, saved, and taken back; orders before, between and after keep what they were promised', async () => {
  const first = await order();
  await work();
  const impact = await json<Impact>(
    a.as('operator')('POST', '/api/earn_rules/_impact', { id: purchase, values: { points: 3 } }),
  );
  expect(impact.lines[0]!.text[1]).toMatch(/1 more, 0 less$/);
  expect(impact.tables[0]!.rows[0]).toMatchObject({ was: 33, becomes: 100, more: 67 });
  await ask('PATCH', `/api/earn_rules/${purchase}`, { points: 3 });
  const second = await order();
  await work();
  await revertLast('earn_rules', purchase);
  const third = await order();
  await work();
  expect([await earned(first), await earned(second), await earned(third)]).toEqual([100, 300, 100]);
  // A late order of the time between is judged by the rule of its day.
  const versions = await sql<{ effective_from_at: string }>`
    select effective_from_at from app.programme_versions where resource = 'earn_rules' and record_id = ${purchase} order by id
  `.execute(t.db);
  expect(versions.rows).toHaveLength(3);
});

test('a rule that is to hold from a moment on holds from that very moment, also where the job comes late', async () => {
  // One that has been there for long.
  const { rows } = await sql<{ id: number }>`
    insert into app.earn_rules (code, name, name_en, status, points, per_amount)
    values ('old', 'old', 'old', 'active', 1, 1)
    returning id
  `.execute(t.db);
  const old = rows[0]!.id;
  await sql`select ops.keep_version('earn_rules', ${old}, 0, (select to_jsonb(earn_rules) from app.earn_rules where id = ${old}), '2020-01-01')`.execute(
    t.db,
  );
  const gave = async (order_id: number) => {
    const lots = await t.db
      .selectFrom('app.points_lots')
      .select('issued')
      .where('book_id', '=', 0)
      .where('rule_id', '=', old)
      .where('origin_id', '=', order_id)
      .executeTakeFirst();
    return Number(lots?.issued);
  };
  const early = await order(100);
  const late = await order(20);
  await work();
  expect([await gave(early), await gave(late)]).toEqual([100, 100]);
  const asked = await ask('POST', '/api/earn_rules/_propose', {
    ...{ id: old, values: { points: 5 }, effective_at: '2099-01-01T00:00:00Z' },
  });
  const now = await order();
  await work();
  expect(await gave(now)).toBe(100);
  // Its time comes: it was ready a day before, and the job is a minute late.
  await sql`update app.change_requests set effective_at = clock_timestamp() - interval '60 seconds',
    submitted_at = now() - interval '1 day', created_at = now() - interval '1 day' where id = ${asked.id}`.execute(
    t.owner,
  );
  await runJob(a.deps, 'publish_changes', new Date().toISOString().slice(0, 10));
  await work();
  expect((await ask('GET', `/api/change_requests/${asked.id}`)).state).toBe('applied');
  expect([await gave(early), await gave(late), await gave(now)]).toEqual([100, 500, 500]);
  const after = await order();
  await work();
  expect(await gave(after)).toBe(500);
  await revertLast('earn_rules', old);
  const back = await order();
  await work();
  expect([await gave(after), await gave(back)]).toEqual([500, 100]);
});

test('a rule that is agreed to after its time changes nothing backwards', async () => {
  const before = await order();
  await work();
  const asked = await ask('POST', '/api/earn_rules/_propose', {
    ...{ id: purchase, values: { points: 7 }, effective_at: '2099-01-01T00:00:00Z' },
  });
  await sql`update app.change_requests set effective_at = clock_timestamp() - interval '60 seconds' where id = ${asked.id}`.execute(
    t.owner,
  );
  await runJob(a.deps, 'publish_changes', new Date().toISOString().slice(0, 10));
  await work();
  expect(await earned(before)).toBe(100);
  await revertLast('earn_rules', purchase);
});

test('a tier is previewed, lowered and put back: who rose stays, who comes later does not rise', async () => {
  await order();
  await work();
  expect(await tierOf(customer)).toBe('regular');
  const impact = await json<Impact>(
    a.as('operator')('POST', '/api/tiers/_impact', { id: silver, values: { enter_at: '50', retain_at: '50' } }),
  );
  expect(impact.lines.length).toBeGreaterThan(0);
  await ask('PATCH', `/api/tiers/${silver}`, { enter_at: '50' });
  await order();
  await work();
  expect(await tierOf(customer)).toBe('silver');
  const rose = customer;
  await revertLast('tiers', silver);
  expect((await ask('GET', `/api/tiers/${silver}`)).enter_at).toBe('1000.00');
  customer = await made('/api/customers', { external_id: `p${++number}` });
  await order();
  await work();
  expect([await tierOf(rose), await tierOf(customer)]).toEqual(['silver', 'regular']);
});

test('an impact is not told to those who see some customers only', async () => {
  const answer = await a.as('viewer')('POST', '/api/earn_rules/_impact', { id: purchase, values: { points: 3 } });
  expect(answer.status).toBe(403);
});
