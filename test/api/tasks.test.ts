/** Tasks over HTTP: configured, told to shops, charged to budgets; many shops at once, and what is not accepted. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';

let t: TestDatabase;
let a: TestApp;
const soon = () => new Date(Date.now() + 2_000).toISOString();
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
  await t.db.updateTable('app.earn_rules').set({ status: 'retired' }).execute();
});
afterAll(() => t.close());

async function work() {
  for (let turn = 0; turn < 2; turn++) {
    await processFacts(a.deps, { until_at: soon() });
    await followUp(a.deps, { at: soon() });
  }
  await processFacts(a.deps, { until_at: soon() });
}
const say = async (method: string, path: string, body?: object, person: 'operator' | 'administrator' = 'operator') => {
  const answer = await a.as(person)(method, path, body);
  return { status: answer.status, body: (await answer.json()) as { [name: string]: never } };
};
async function customer(code: string, more: object = {}): Promise<number> {
  const made = await say('POST', '/api/customers', { external_id: code, channel: 'online', ...more });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id as unknown as number;
}
const order = (code: string, external_id: string, placed_at: string, price = '60.00') =>
  say('POST', '/api/v1/orders', {
    ...{ external_id, customer_external_id: code, placed_at },
    lines: [{ sku: 'T-1', quantity: 1, unit_price: price }],
  });
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
interface Task {
  task: string;
  state: string;
  steps: { count: number; target: number; times_reached: number; coupon: string | null }[];
}
async function told(code: string): Promise<{ tasks: Task[]; titles: { title: string }[] }> {
  const { status, body } = await say('GET', `/api/v1/customers/${code}/tasks`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as never;
}
const STEP = { name: '下单', name_en: 'An order', goal: 'orders', target: '1', times: 1 };
let made = 0;
const task = (more: object = {}) => ({
  ...{ code: `t_${++made}`, name: '任务', name_en: 'Task', status: 'active', trigger: 'always', steps: [STEP] },
  ...more,
});

test('the newcomer ladder, from the first order to the coupons, as shops see it', async () => {
  // It holds from the first day of the programme on.
  await sql`select ops.keep_task_version(tasks.id, 0, '2020-01-01') from app.tasks`.execute(t.db);
  await customer('L-1', { enrolled_at: ago(100) });
  expect((await told('L-1')).tasks.map((each) => each.task)).not.toContain('newcomer_growth');
  await order('L-1', 'L-1-a', ago(60));
  await work();
  const ladder = async () => (await told('L-1')).tasks.find((each) => each.task === 'newcomer_growth')!;
  expect(await ladder()).toMatchObject({
    state: 'running',
    steps: [
      { count: 0, target: 1, coupon: 'newcomer_second_50' },
      { count: 0, coupon: 'newcomer_invite_20' },
    ],
  });
  await order('L-1', 'L-1-b', ago(30));
  await customer('L-2', { referrer_code: 'L-1' });
  await customer('L-3', { referrer_code: 'L-1' });
  await work();
  expect(await ladder()).toMatchObject({ state: 'done', steps: [{ times_reached: 1 }, { times_reached: 2 }] });
  const coupons = await t.db
    .selectFrom('app.coupons')
    .innerJoin('app.coupon_templates', 'app.coupon_templates.id', 'app.coupons.template_id')
    .select('app.coupon_templates.code')
    .where('app.coupons.source', '=', 'task:newcomer_growth')
    .orderBy('app.coupons.id')
    .execute();
  expect(coupons.map((each) => each.code).sort()).toEqual([
    'newcomer_invite_20',
    'newcomer_invite_20',
    'newcomer_second_50',
  ]);
  const returned = await say('POST', '/api/v1/returns', {
    ...{ external_id: 'L-1-r', order_external_id: 'L-1-b', returned_at: ago(10) },
  });
  expect(returned.status, JSON.stringify(returned.body)).toBe(201);
  await work();
  expect(await ladder()).toMatchObject({ steps: [{ count: 0, times_reached: 0 }, { times_reached: 2 }] });
});

test('a task that is not for customers’ eyes works, and shops are not told of it', async () => {
  const hidden = await say('POST', '/api/tasks', task({ visible: false }));
  expect(hidden.status, JSON.stringify(hidden.body)).toBe(201);
  const id = await customer('H-1', { enrolled_at: ago(0.01) });
  await order('H-1', 'H-1-a', new Date().toISOString());
  await work();
  expect((await told('H-1')).tasks.map((each) => each.task)).not.toContain(hidden.body.code);
  const done = await t.db
    .selectFrom('app.task_progress')
    .select('state')
    .where('customer_id', '=', id)
    .where('task_id', '=', hidden.body.id as unknown as number)
    .executeTakeFirst();
  expect(done?.state).toBe('done');
});

test('a condition says whom it is for', async () => {
  const only = await say('POST', '/api/tasks', task({ customer_condition: { city: { eq: '杭州' } } }));
  expect(only.status, JSON.stringify(only.body)).toBe(201);
  const states: unknown[] = [];
  for (const [code, city] of [
    ['C-1', '杭州'],
    ['C-2', '上海'],
  ] as const) {
    const id = await customer(code, { city, enrolled_at: ago(48) });
    await order(code, `${code}-a`, new Date().toISOString());
    await work();
    const row = await t.db
      .selectFrom('app.task_progress')
      .select('state')
      .where('customer_id', '=', id)
      .where('task_id', '=', only.body.id as unknown as number)
      .executeTakeFirst();
    states.push(row?.state);
  }
  expect(states).toEqual(['done', undefined]);
});

test('32 shops that tell the same at once, and four processes: each reward is given once', async () => {
  const { body } = await say('POST', '/api/tasks', task({ steps: [{ ...STEP, target: '2', points: 40 }] }));
  const codes = Array.from({ length: 8 }, (_, at) => `M-${at}`);
  for (const code of codes) await customer(code, { enrolled_at: ago(1) });
  let telling = true;
  const workers = Array.from({ length: 4 }, async () => {
    while (telling) {
      await processFacts(a.deps, { until_at: soon(), customers: 3 });
      await followUp(a.deps, { at: soon(), customers: 3 });
    }
  });
  await Promise.all(
    Array.from({ length: 32 }, async (_, client) => {
      for (const code of codes.slice(client % 4, (client % 4) + 5))
        for (const part of ['a', 'b'])
          expect((await order(code, `${code}-${part}`, new Date().toISOString())).status).toBeLessThan(300);
    }),
  );
  telling = false;
  await Promise.all(workers);
  await work();
  const { rows } = await sql<{ customer: number; grants: number; points: number }>`
    select customer_id as customer, count(*)::integer as grants,
      (select sum(points) from app.points_adjustments where points_adjustments.customer_id = task_grants.customer_id)::integer as points
    from app.task_grants where task_id = ${body.id as unknown as number} group by customer_id
  `.execute(t.db);
  expect(rows.length).toBe(8);
  expect(rows.map(({ grants, points }) => [grants, points])).toEqual(codes.map(() => [1, 40]));
});

test('points pass the gate of the budget: when it is used up nothing is given, and the reason is kept', async () => {
  await sql`update app.points_policies set point_value = 1`.execute(t.db);
  await sql`select ops.keep_version('points_policies', 1, 0, (select to_jsonb(points_policies) from app.points_policies), now())`.execute(
    t.db,
  );
  const b = await budgets(t);
  const budget_id = await b.budget(
    { starts_on: '2020-01-01', ends_on: '2031-01-01' },
    { new: 1000, active: 500, other: 50 },
  );
  const { status, body } = await say(
    'POST',
    '/api/tasks',
    task({ budget_id, cost_kind: 'promotion', steps: [{ ...STEP, points: 40 }] }),
  );
  expect(status, JSON.stringify(body)).toBe(201);
  for (const code of ['B-1', 'B-2']) {
    await customer(code, { enrolled_at: ago(1) });
    await order(code, `${code}-a`, new Date().toISOString());
  }
  await work();
  const grants = await t.db
    .selectFrom('app.task_grants')
    .select(['state', 'refusal'])
    .where('task_id', '=', body.id as unknown as number)
    .orderBy('id')
    .execute();
  expect(grants.map((each) => each.state).sort()).toEqual(['given', 'refused']);
  expect(grants.find((each) => each.state === 'refused')!.refusal).toBe('budget_exhausted');
});

test('what cannot be is refused by its field, and nothing is left behind', async () => {
  const before = await t.db.selectFrom('app.tasks').select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow();
  const wrong: [object, string][] = [
    [{ steps: [] }, 'steps'],
    [{ steps: [{ ...STEP, target: '1.5' }] }, 'steps'],
    [{ steps: [{ ...STEP, target: '0' }] }, 'steps'],
    [{ steps: [{ ...STEP, goal: 'days' }] }, 'steps'],
    [{ step_order: 'in_order', steps: [{ ...STEP, times: null }, STEP] }, 'steps'],
    [{ steps: [{ ...STEP, min_amount: '-5.00' }] }, 'steps'],
    [{ steps: [{ ...STEP, times: 0 }] }, 'steps'],
    [{ steps: [{ ...STEP, coupon_template_id: 999_999 }] }, 'steps'],
    [{ steps: 'drop table' }, 'steps'],
    [{ limit_hours: 0 }, 'limit_hours'],
    [{ trigger: 'event' }, 'trigger_event'],
    [{ trigger: 'whenever' }, 'trigger'],
    [{ repeats: 'period' }, 'repeat_period'],
    [{ starts_at: ago(1), ends_at: ago(2) }, 'ends_at'],
    [{ customer_condition: { shoe_size: { eq: 44 } } }, 'customer_condition'],
    [{ code: 'Not A Code' }, 'code'],
  ];
  for (const [values, field] of wrong) {
    const { status, body } = await say('POST', '/api/tasks', task(values));
    expect(
      [status, Object.keys((body.errors ?? {}) as object)[0]?.split('.')[0]],
      JSON.stringify({ values, body }),
    ).toEqual([422, field]);
  }
  const after = await t.db.selectFrom('app.tasks').select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow();
  expect(after.n).toBe(before.n);
  expect((await say('GET', '/api/v1/customers/nobody/tasks')).status).toBe(404);
  expect((await say('GET', '/api/v1/customers/L-1/tasks?all=1')).status).toBe(400);
});

test('a title is given and revoked by staff with a reason, shown to shops, and not given twice', async () => {
  const id = await customer('T-1');
  const title = await t.db
    .selectFrom('app.titles')
    .select('id')
    .where('code', '=', 'co_creation_officer')
    .executeTakeFirstOrThrow();
  const give = (input: object) => say('POST', `/api/customers/${id}/_actions/grant_title`, input);
  expect((await give({ title_id: title.id })).status).toBe(422);
  expect((await give({ title_id: title.id, reason: '建议被采纳' })).status).toBe(200);
  expect((await give({ title_id: title.id, reason: '再次' })).body.errors).toHaveProperty('title_id');
  expect((await told('T-1')).titles.map((each) => each.title)).toEqual(['co_creation_officer']);
  const status = await say('GET', '/api/v1/customers/T-1/status');
  expect((status.body.titles as unknown as { title: string }[]).map((each) => each.title)).toEqual([
    'co_creation_officer',
  ]);
  const held = await t.db
    .selectFrom('app.customer_titles')
    .select('id')
    .where('customer_id', '=', id)
    .executeTakeFirstOrThrow();
  expect((await say('POST', `/api/customer_titles/${held.id}/_actions/revoke`, { reason: '误发' })).status).toBe(200);
  expect((await told('T-1')).titles).toEqual([]);
  const course = await say('GET', `/api/customers/${id}/_timeline?kinds=task`);
  expect(JSON.stringify(course.body)).toMatch(/产品共创官.*撤销|撤销.*产品共创官/s);
});

test('beside the form stands what a task would have come to', async () => {
  const { status, body } = await say('POST', '/api/tasks/_impact', { values: task() });
  expect(status, JSON.stringify(body)).toBe(200);
  const tables = body.tables as unknown as { rows: { reached: number }[] }[];
  expect(tables[0]!.rows[0]!.reached).toBeGreaterThan(0);
  const before = await t.db
    .selectFrom('app.programme_versions')
    .select(sql<number>`count(*)`.as('n'))
    .where('record_id', '<', 0)
    .executeTakeFirstOrThrow();
  expect(Number(before.n)).toBe(0);
});
