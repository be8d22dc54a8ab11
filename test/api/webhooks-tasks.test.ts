/** Tasks and titles are told: once, in the order in which they happened, and not when they are only worked out again. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { TOPICS_IN_FULL } from '../../api/outbox/topics.ts';
import { tellSome } from '../../api/outbox/webhooks.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';
import { tasksOf } from '../sql/tasks.ts';
import { type HttpReceiver, httpReceiver } from './receivers.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof programme>>;
let k: ReturnType<typeof tasksOf>;
let http: HttpReceiver;
let title: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await programme(t);
  k = tasksOf(t);
  http = await httpReceiver();
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
  const { id } = await t.db
    .insertInto('app.titles')
    .values({ code: 'pioneer', name: '先锋', name_en: 'Pioneer', kind: 'badge', lasts_days: 30 } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  title = id;
});
afterAll(async () => {
  await http?.close();
  await t?.close();
});
beforeEach(async () => {
  await sql`delete from app.webhook_endpoints`.execute(t.owner);
  http.posted.length = 0;
});

async function ask(topics: readonly string[]): Promise<void> {
  const answer = await a.as('administrator')('POST', '/api/webhook_endpoints', { name: 'x', url: http.url, topics });
  expect(answer.status, await answer.clone().text()).toBe(201);
}
/** What arrived since it was asked last, a word for each. */
async function told(): Promise<string[]> {
  while ((await tellSome({ db: t.db, config: t.config })) > 0);
  return http.posted.splice(0).map(({ json }) => {
    expect(Object.keys(json.data as Row).sort()).toEqual(
      Object.keys(TOPICS_IN_FULL.get(String(json.topic))!.data).sort(),
    );
    return String(json.topic);
  });
}

test('a task that is completed, taken back and completed again is told step by step', async () => {
  await ask([
    'task.step_reached',
    'task.step_taken_back',
    'task.completed',
    'task.taken_back',
    'title.granted',
    'title.revoked',
  ]);
  const task = await k.task({ code: 'one_order', steps: [{ goal: 'orders', target: 1, title_id: title }] });
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2025-03-01', amount: '100' });
  await k.work();
  const reached = ['task.step_reached', 'task.completed', 'title.granted'];
  expect(await told()).toEqual(reached);

  // Worked out again, it is the same.
  await k.review([customer]);
  await k.work();
  expect(await told()).toEqual([]);

  await p.refund(order, { at: '2025-03-02', amount: '100' });
  await t.db.updateTable('app.orders').set({ returned_amount: '100' }).where('id', '=', order.id).execute();
  await k.work();
  expect(await k.reached(customer, task)).toEqual([]);
  expect(await told()).toEqual(['task.step_taken_back', 'task.taken_back', 'title.revoked']);
  await k.review([customer]);
  expect(await told()).toEqual([]);

  await p.order(customer, { at: '2025-03-03', amount: '100' });
  await k.work();
  expect(await told()).toEqual(reached);
});

test('a title that staff give and take away is told, without what they wrote', async () => {
  await ask(['title.granted', 'title.revoked']);
  const customer = await p.customer();
  const act = async (path: string, body: Row) => {
    const answer = await a.as('administrator')('POST', path, body);
    expect(answer.status, await answer.clone().text()).toBe(200);
  };
  await act(`/api/customers/${customer}/_actions/grant_title`, { title_id: title, reason: '很会说话' });
  const held = await t.db
    .selectFrom('app.customer_titles')
    .select('id')
    .where('customer_id', '=', customer)
    .executeTakeFirstOrThrow();
  await act(`/api/customer_titles/${held.id}/_actions/revoke`, { reason: '写错人了' });
  await tellSome({ db: t.db, config: t.config });
  await tellSome({ db: t.db, config: t.config });
  expect(http.posted.map(({ json }) => [json.topic, (json.data as Row).title])).toEqual([
    ['title.granted', 'pioneer'],
    ['title.revoked', 'pioneer'],
  ]);
  expect(http.posted.map(({ body }) => body).join()).not.toMatch(/很会说话|写错人了/);
});

test('every topic is noted where it happens, and nothing notes another', async () => {
  const { rows } = await sql<{ topic: string }>`
    select distinct said.topic[1] as topic
    from pg_proc
    inner join pg_namespace on pg_namespace.oid = pg_proc.pronamespace and pg_namespace.nspname in ('app', 'ops')
    cross join lateral pg_get_functiondef(pg_proc.oid) as definition
    cross join lateral regexp_matches(definition, '''([a-z]+\\.[a-z_]+)''', 'g') as said (topic)
    where pg_proc.prokind <> 'a'
      and (pg_proc.proname ~ '^tell_' or definition ~* 'insert into app\\.webhook_deliveries')
      and said.topic[1] !~ '^ops\\.'`.execute(t.owner);
  expect(rows.map(({ topic }) => topic).sort()).toEqual([...TOPICS_IN_FULL.keys()].sort());
});
