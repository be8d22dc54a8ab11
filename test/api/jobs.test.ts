import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isDaily, loadJobs, runJob } from '../../api/jobs.ts';
import { redoStale, runDue } from '../../api/scheduler.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps, publishRules } from '../sql/segments.ts';

const DAY = '2026-03-10';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  await publishRules(t, 'all', [{ code: 'all', name: '全部', name_en: 'All', condition: {} }]);
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 'a', enrolled_on: '2026-01-01' },
      { external_id: 'b', enrolled_on: '2026-03-08' },
    ])
    .execute();
});
afterAll(() => t?.close());
afterEach(async () => {
  for (const table of [
    'app.job_runs',
    'app.segment_memberships',
    'app.segment_day',
    'app.segment_snapshots',
  ] as const) {
    await t.db.deleteFrom(table).execute();
  }
});

async function runs(): Promise<string[]> {
  const rows = await t.db.selectFrom('app.job_runs').select(['job', 'as_of_on', 'state']).orderBy('id').execute();
  return rows.map((row) => `${row.job} ${row.as_of_on} ${row.state}`);
}
const daysOf = (found: readonly { as_of_on: string }[]) => found.map((run) => run.as_of_on);
const job = async (name: string) => (await loadJobs()).get(name)!;

describe('the jobs', () => {
  it('are the files of both folders, each with its schedule and what goes before it', async () => {
    const jobs = await loadJobs();

    expect(jobs.get('segment_snapshot')).toMatchObject({ after: ['rfm_scores'], stale: 'app.segment_snapshots' });
    expect(jobs.get('rfm_scores')).toMatchObject({ after: ['refresh_rollups'], stale: 'app.rfm_snapshots' });
    expect(isDaily(jobs.get('rfm_scores')!)).toBe(true);
    expect(isDaily(jobs.get('refresh_rollups')!)).toBe(false);
  });
});

describe('a run', () => {
  it('is recorded with its day and rows; the second one changes nothing', async () => {
    const first = await runJob(jobDeps(t), 'segment_snapshot', DAY);
    const again = await runJob(jobDeps(t), 'segment_snapshot', DAY);

    expect(first).toMatchObject({ state: 'done', rows_written: 2, error: null });
    expect(again).toMatchObject({ state: 'done', rows_written: 0 });
    const rows = await t.db.selectFrom('app.job_runs').select(['rows_written', 'finished_at', 'worker']).execute();
    expect(rows.map((row) => row.rows_written)).toEqual([2, 0]);
    expect(rows.every((row) => row.finished_at !== null && row.worker.endsWith(` ${process.pid}`))).toBe(true);
  });

  it('is refused while another worker is at it, and two at once leave what one would', async () => {
    const both = await Promise.all([1, 2].map(() => runJob(jobDeps(t), 'segment_snapshot', DAY)));
    const stays = await t.db.selectFrom('app.segment_memberships').select('customer_id').execute();

    expect(both.map((run) => run.state).sort()).toEqual(['busy', 'done']);
    expect(stays).toHaveLength(2);
    expect(await runs()).toEqual([`segment_snapshot ${DAY} done`]);
  });

  it('that fails is recorded with its error and leaves nothing half done', async () => {
    await sql`alter table app.segment_snapshots add constraint broken check (as_of_on <> '2026-03-11')`.execute(
      t.owner,
    );
    const run = await runJob(jobDeps(t), 'segment_snapshot', '2026-03-11');
    await sql`alter table app.segment_snapshots drop constraint broken`.execute(t.owner);

    expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('broken') });
    expect(await runs()).toEqual(['segment_snapshot 2026-03-11 failed']);
    expect(await t.db.selectFrom('app.segment_memberships').select('customer_id').execute()).toEqual([]);
  });

  it('whose process was killed is told to have failed by the next one', async () => {
    await t.db
      .insertInto('app.job_runs')
      .values({ job: 'segment_snapshot', as_of_on: DAY, worker: 'gone 1' })
      .execute();
    await runJob(jobDeps(t), 'segment_snapshot', DAY);

    expect(await runs()).toEqual([`segment_snapshot ${DAY} failed`, `segment_snapshot ${DAY} done`]);
  });

  it('that found nothing to do has the row of the one before it, where the job looks all day', async () => {
    const look = async () => {
      await runJob(jobDeps(t), 'publish_changes', DAY);
      return t.db.selectFrom('app.job_runs').select(['id', 'started_at', 'finished_at', 'rows_written']).execute();
    };
    const [first] = await look();
    const again = await look();

    // One row, and still it says when the job ran last.
    expect(again).toMatchObject([{ id: first!.id, rows_written: 0 }]);
    expect(Date.parse(again[0]!.started_at)).toBeGreaterThanOrEqual(Date.parse(first!.finished_at!));
    expect(again[0]!.finished_at).not.toBeNull();
  });

  it('that did something keeps its row; the next idle one has its own', async () => {
    await t.db
      .insertInto('app.job_runs')
      .values({ job: 'publish_changes', as_of_on: DAY, state: 'done', rows_written: 2, worker: 'test 1' })
      .execute();
    for (let times = 0; times < 2; times++) await runJob(jobDeps(t), 'publish_changes', DAY);

    const rows = await t.db.selectFrom('app.job_runs').select('rows_written').orderBy('id').execute();
    expect(rows.map((row) => row.rows_written)).toEqual([2, 0]);
  });
});

describe('what is due', () => {
  it('runs after the jobs it follows, once a day', async () => {
    const days = daysOf(await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY }));
    const again = daysOf(await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY }));

    expect(days).toEqual([DAY]);
    expect(again).toEqual([]);
    expect(await runs()).toEqual([
      `refresh_rollups ${DAY} done`,
      `rfm_scores ${DAY} done`,
      `segment_snapshot ${DAY} done`,
    ]);
  });

  it('makes up for missed days, the newest first, with the result they would have had in time', async () => {
    await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: '2026-03-07' });
    const days = daysOf(await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY }));
    const stays = await t.db
      .selectFrom('app.segment_memberships')
      .select(['entered_on', 'left_on', 'segment_code'])
      .orderBy('customer_id')
      .execute();

    expect(days).toEqual(['2026-03-10', '2026-03-09', '2026-03-08']);
    // The second customer enrolled on the 8th and is known from the 9th on.
    expect(stays).toEqual([
      { entered_on: '2026-03-07', left_on: null, segment_code: 'all' },
      { entered_on: '2026-03-09', left_on: null, segment_code: 'all' },
    ]);
  });

  it('makes up for five weeks at most', async () => {
    await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: '2025-01-01' });
    const days = daysOf(await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY }));

    expect(days).toHaveLength(35);
    expect(days[0]).toBe(DAY);
  });

  it('computes a day again once late facts concern it', async () => {
    await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: '2026-03-07' });
    await runDue(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY });
    const customer = await t.db
      .selectFrom('app.customers')
      .select('id')
      .where('external_id', '=', 'b')
      .executeTakeFirstOrThrow();
    await t.db
      .insertInto('app.orders')
      .values({
        customer_id: customer.id,
        source: 'late',
        external_id: 'late',
        placed_at: '2026-03-07T04:00:00Z',
        placed_on: '2026-03-07',
        amount: 10,
      })
      .execute();
    await t.db.insertInto('app.dirty_days').values({ fact_table: 'orders', day: '2026-03-07' }).execute();
    await runDue(jobDeps(t), await job('refresh_rollups'), { as_of_on: DAY });
    const days = await redoStale(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY });
    const again = await redoStale(jobDeps(t), await job('segment_snapshot'), { as_of_on: DAY });
    const entered = await t.db
      .selectFrom('app.segment_memberships')
      .select('entered_on')
      .where('customer_id', '=', customer.id)
      .execute();

    expect(days).toEqual(['2026-03-10', '2026-03-09', '2026-03-08']);
    expect(again).toEqual([]);
    expect(entered).toEqual([{ entered_on: '2026-03-08' }]);
  });
});
