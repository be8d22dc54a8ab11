/** Jobs that somebody starts by hand. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Meta } from '../../api/contract.ts';
import { loadJobs } from '../../api/jobs.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { publishRules } from '../sql/segments.ts';

let t: TestDatabase;
let app: TestApp;
let administrator: Ask;
beforeAll(async () => {
  t = await testDatabase();
  await t.db.insertInto('app.customers').values({ external_id: 'a', enrolled_on: '2026-01-01' }).execute();
  app = await testApp(t);
  administrator = app.as('administrator');
});
afterAll(() => t?.close());

async function run<T = { message: string }>(body: unknown, { ask = administrator, action = 'run_now' } = {}) {
  const response = await ask('POST', `/api/job_runs/_actions/${action}`, body);
  return { status: response.status, body: (await response.json()) as T };
}
const runs = (job: string) =>
  t.db.selectFrom('app.job_runs').select(['as_of_on', 'state']).where('job', '=', job).orderBy('id').execute();

test('a job runs for the day asked for, which the audit keeps', async () => {
  const { status, body } = await run({ job: 'rfm_scores', as_of_on: '2026-03-10' });

  expect(status).toBe(200);
  expect(body.message).toMatch(/^RFM scores is done: 1 day\(s\)/);
  expect(await runs('rfm_scores')).toEqual([{ as_of_on: '2026-03-10', state: 'done' }]);
  const entry = await t.db
    .selectFrom('app.audit_entries')
    .selectAll()
    .where('resource', '=', 'job_runs')
    .executeTakeFirstOrThrow();
  expect(entry).toMatchObject({
    user_id: app.id('administrator'),
    action: 'action',
    reason: 'run_now',
    after: { job: 'rfm_scores', as_of_on: '2026-03-10' },
  });
});

test('is refused while it runs', async () => {
  const before = await runs('sweep_sign_ins');
  await t.db.connection().execute(async (other) => {
    const lock = sql`hashtextextended('job sweep_sign_ins', 0)`;
    await sql`select pg_advisory_lock(${lock})`.execute(other);
    const { status, body } = await run<ApiError>({ job: 'sweep_sign_ins' });
    expect([status, body.key]).toEqual([409, 'job_busy']);
    expect((await run<ApiError>({ job: 'sweep_sign_ins' }, { action: 'catch_up' })).status).toBe(409);
    await sql`select pg_advisory_unlock(${lock})`.execute(other);
  });
  expect(await runs('sweep_sign_ins')).toEqual(before);
  expect((await run({ job: 'sweep_sign_ins' })).status).toBe(200);
});

test('that fails says so and is recorded', async () => {
  await publishRules(t, 'all', [{ code: 'all', name: '全部', name_en: 'All', condition: {} }]);
  await sql`alter table app.segment_snapshots add constraint broken check (as_of_on <> '2026-03-12')`.execute(t.owner);
  const { body } = await run<{ message: string; tone: string }>({ job: 'segment_snapshot', as_of_on: '2026-03-12' });
  await sql`alter table app.segment_snapshots drop constraint broken`.execute(t.owner);

  expect(body).toMatchObject({ tone: 'bad', message: expect.stringContaining('broken') });
  expect((await runs('segment_snapshot')).at(-1)).toEqual({ as_of_on: '2026-03-12', state: 'failed' });
});

test('missed days are made up for, and there are none the second time', async () => {
  const today = (
    await sql<{ day: string }>`select (now() at time zone 'Asia/Shanghai')::date::text as day`.execute(t.db)
  ).rows[0]!.day;
  const shifted = (days: number) => new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
  await t.db
    .insertInto('app.job_runs')
    .values({ job: 'sweep_sign_ins', as_of_on: shifted(3), state: 'done', worker: 'test' })
    .execute();
  await t.db.deleteFrom('app.job_runs').where('job', '=', 'sweep_sign_ins').where('worker', '!=', 'test').execute();
  const { body } = await run({ job: 'sweep_sign_ins' }, { action: 'catch_up' });
  expect(body.message).toMatch(/^Clear old sign-ins is done: 3 day\(s\)/);
  expect((await runs('sweep_sign_ins')).slice(1).map((each) => each.as_of_on)).toEqual([0, 1, 2].map(shifted));
  const again = await run({ job: 'sweep_sign_ins' }, { action: 'catch_up' });
  expect(again.body.message).toBe('Clear old sign-ins has missed no day');
});

test('is for administrators, of jobs that are there, for days up to today', async () => {
  expect((await run<ApiError>({ job: 'rfm_scores' }, { ask: app.as('operator') })).status).toBe(403);
  const meta = (await (await app.as('operator')('GET', '/api/_meta')).json()) as Meta;
  expect(meta.resources.find(({ name }) => name === 'job_runs')?.actions).toEqual({});
  const mine = (await (await administrator('GET', '/api/_meta')).json()) as Meta;
  const asked = mine.resources.find(({ name }) => name === 'job_runs')?.actions?.run_now?.input?.job;
  expect(Object.keys(asked?.kind === 'choice' ? asked.choices : {})).toEqual([...(await loadJobs()).keys()]);
  for (const [body, field] of [
    [{ job: 'drop_everything' }, 'job'],
    [{}, 'job'],
    [{ job: 'rfm_scores', as_of_on: '2999-01-01' }, 'as_of_on'],
    [{ job: 'rfm_scores', as_of_on: 'tomorrow' }, 'as_of_on'],
  ] as const) {
    const answer = await run<ApiError>(body);
    expect([answer.status, Object.keys(answer.body.errors ?? {})]).toEqual([422, [field]]);
  }
});
