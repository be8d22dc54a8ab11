/** A campaign whose budget is used up stops by itself, says so, and goes on after money was moved. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts } from '../../api/engine/process.ts';
import { seedNew } from '../../api/seed.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';
import { jobDeps } from '../sql/segments.ts';

let t: TestDatabase;
let a: TestApp;
let b: Awaited<ReturnType<typeof budgets>>;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
  b = await budgets(t);
  // Nothing but the rule of the campaign gives points here.
  await t.owner.deleteFrom('app.programme_versions').where('resource', '=', 'earn_rules').execute();
});
afterAll(() => t?.close());

async function ask(person: Person, method: string, path: string, body?: unknown) {
  const answer = await a.as(person)(method, path, body);
  const said = (await answer.json()) as { [field: string]: unknown };
  return { status: answer.status, body: said };
}

/** Orders and decisions by the clock, since a campaign stops when its budget refuses, not when the order was placed. */
let orders = 0;
async function buys(customer_id: number, amount: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: number }>`
    insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount, channel)
    values (${customer_id}, 'test', ${`s${++orders}`}, clock_timestamp(), current_date, ${amount}, 'online')
    returning id
  `.execute(t.db);
  await processFacts({ ...jobDeps(t), resources: new Map() }, { until_at: '2100-01-01' });
  const said = await sql<{ said: string }>`
    select concat_ws(' ', outcome, points, detail ->> 'reason') as said from app.decisions where fact_kind = 'order' and fact_id = ${rows[0]!.id}
  `.execute(t.db);
  return said.rows[0]?.said;
}

test('from refusal to resumption', async () => {
  const budget_id = await b.budget({ kind: 'campaign', starts_on: null, ends_on: null, mover_roles: '{operator}' });
  const campaign = await t.db
    .insertInto('app.campaigns')
    .values({
      ...{ code: 'autumn', name: '秋季满赠', name_en: 'Autumn', form: 'discount', status: 'running', budget_id },
      ...{ starts_on: '2020-01-01', ends_on: '2099-12-31' },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const made = await ask('operator', 'POST', '/api/earn_rules', {
    ...{ code: 'autumn', name: '秋季', name_en: 'Autumn', status: 'active', trigger: 'order', effect: 'per_amount' },
    ...{ points: 100, per_amount: '1', campaign_id: campaign.id },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const [active, fresh] = await Promise.all(
    ['active', 'new'].map(async (segment) => {
      const { id } = await t.db
        .insertInto('app.customers')
        .values({ external_id: segment, enrolled_at: '2020-01-01 00:00+08', enrolled_on: '2020-01-01' })
        .returning('id')
        .executeTakeFirstOrThrow();
      await b.member(id, segment, '2020-01-01');
      return id;
    }),
  );
  const state = async () => (await ask('viewer', 'GET', `/api/campaigns/${campaign.id}`)).body;

  expect(await buys(active!, '400')).toBe('granted 40000');
  expect(await buys(active!, '400')).toBe('refused 0 budget_exhausted');
  expect(await state()).toMatchObject({ status: 'stopped', stopped_reason: 'budget_exhausted' });
  const [stop] = (await ask('viewer', 'GET', `/api/campaign_stops?campaign_id=${campaign.id}`))
    .body as never as object[];
  expect(stop).toMatchObject({ budget_id, lines_en: 'Active · Promotion', resumed_at: null });
  // It stands still for everybody, also where there is money.
  expect(await buys(fresh!, '1')).toBeUndefined();

  // 100 are left to the active, so it may go on; but not while there is nothing.
  const resume = (person: Person) => ask(person, 'POST', `/api/campaigns/${campaign.id}/_actions/resume`, {});
  expect((await resume('viewer')).status).toBe(403);
  expect((await resume('operator')).status).toBe(200);
  expect(await buys(active!, '100')).toBe('granted 10000');
  expect(await buys(active!, '1')).toBe('refused 0 budget_exhausted');
  const refused = await resume('operator');
  expect(refused.status).toBe(409);
  expect(JSON.stringify(refused.body)).toContain('“Active”');

  const segments = (await ask('viewer', 'GET', '/api/segments?_start=0&_end=50')).body as never as {
    code: string;
    id: number;
  }[];
  const id_of = (code: string) => segments.find((each) => each.code === code)!.id;
  const moved = await ask('operator', 'POST', `/api/budgets/${budget_id}/_actions/move`, {
    ...{ dimension: 'segment', from_segment_id: id_of('new'), to_segment_id: id_of('active') },
    ...{ amount: '200', reason: '活跃客户反响好' },
  });
  expect(moved.status, JSON.stringify(moved.body)).toBe(200);
  expect((await resume('operator')).status).toBe(200);
  expect(await state()).toMatchObject({ status: 'running', stopped_reason: null, stopped_at: null });
  expect(await buys(active!, '200')).toBe('granted 20000');
  await b.addUp();

  // A late fact does the customer again: what happened while it stood still is not made good.
  const points = async () =>
    (
      await t.db
        .selectFrom('app.points_accounts')
        .select('available')
        .where('customer_id', '=', fresh!)
        .executeTakeFirst()
    )?.available;
  await t.db
    .insertInto('app.inbox')
    .values({ customer_id: fresh!, fact_kind: 'order', fact_id: 0, again: true })
    .execute();
  await processFacts({ ...jobDeps(t), resources: new Map() }, { until_at: '2100-01-01' });
  expect(await points()).toBe(0);

  const history = (await ask('manager', 'GET', `/api/campaigns/${campaign.id}/_history`)).body;
  expect(JSON.stringify(history)).toContain('budget_exhausted');
  expect((await ask('operator', 'POST', `/api/campaigns/${campaign.id}/_actions/end`, {})).status).toBe(200);
  expect(await buys(active!, '1')).toBeUndefined();
});

test('a grant that is refused stops what draws on a budget made for campaigns, and nothing else', async () => {
  const of_campaigns = await b.budget({ kind: 'campaign' });
  const of_year = await b.budget();
  const rows = await t.db
    .insertInto('app.campaigns')
    .values(
      [of_campaigns, of_campaigns, of_year].map((budget_id, at) => ({
        ...{ code: `c${at}`, name: 'c', name_en: 'c', form: 'other', starts_on: '2026-01-01', budget_id },
        status: at === 1 ? 'approved' : 'running',
      })),
    )
    .returning('id')
    .execute();
  const { id } = await t.db
    .insertInto('app.customers')
    .values({ external_id: 'x', enrolled_at: '2020-01-01 00:00+08', enrolled_on: '2020-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await b.member(id, 'new');
  const grant = { customer_id: id, amount: '1001' };
  expect(
    await b.ask([
      { ...grant, budget_id: of_campaigns, source_key: 'a' },
      { ...grant, budget_id: of_year, source_key: 'b' },
    ]),
  ).toEqual(['budget_exhausted', 'budget_exhausted']);
  const states = await t.db
    .selectFrom('app.campaigns')
    .select('status')
    .where(
      'id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('id')
    .execute();
  expect(states.map(({ status }) => status)).toEqual(['stopped', 'approved', 'running']);
});
