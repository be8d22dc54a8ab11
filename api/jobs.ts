/**
 * Jobs: every file in api/jobs and sql/jobs is one. A run is for a day of the programme (`as_of_on`), holds a lock so that
 * no second worker runs the same job, and leaves a row in app.job_runs. Every job may be run again for the same day.
 *
 * A job says what it is called (`label`, 中文 | English), when it is due (`every`, cron in the programme's time zone), which jobs of the same day go before it
 * (`after`), and which table lists days to compute again (`stale`, columns as_of_on and stale). A job of sql/jobs may also
 * name a table of days that wait for it (`queue`, columns id and day): each call takes some of them, and it is called, every
 * time in a transaction of its own, until those are gone that were there at first. Stopped between two calls it keeps what
 * it did, and the next run goes on.
 */
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Cron } from 'croner';
import { type Kysely, sql } from 'kysely';
import type { Deps } from './context.ts';
import type { Pair } from './contract.ts';
import type { DB } from './schema.ts';
import { loosely } from './storage/loose-tables.ts';
import { readJobFiles } from './storage/sql-files.ts';

export type JobDeps = Deps;
export interface JobContext extends Pick<Deps, 'db' | 'pool'> {
  deps: Deps;
  /** The day the run is for, "YYYY-MM-DD": what had happened before it began. */
  as_of_on: string;
  /** Asked between steps: the process is about to end. */
  stopped: () => boolean;
  /** Told after each step but the last: rows written so far, days that wait. */
  progress: (rows_written: number, waiting: number) => Promise<void>;
}
export interface Job {
  name: string;
  /** What people call it; its name where the file does not say. */
  label: Pair;
  every: string;
  after: readonly string[];
  /** A table of days, e.g. "app.segment_snapshots". */
  stale: string | null;
  run: (context: JobContext) => Promise<number>;
}
export interface JobRun {
  job: string;
  as_of_on: string;
  /** `busy`: another worker is at it, nothing was done here. */
  state: 'done' | 'failed' | 'busy';
  rows_written: number;
  error: string | null;
  took_ms: number;
}

/** Every job by name. @throws when a file lacks its schedule or two jobs share a name. */
export async function loadJobs(): Promise<ReadonlyMap<string, Job>> {
  loaded ??= readJobs();
  return loaded;
}

/**
 * Runs a job for a day, here and now; a failure is recorded and returned, not thrown.
 * @throws when there is no such job
 */
export async function runJob(
  deps: JobDeps,
  name: string,
  as_of_on: string,
  { stopped = () => false }: { stopped?: () => boolean } = {},
): Promise<JobRun> {
  const jobs = await loadJobs();
  const job = jobs.get(name);
  if (!job) throw new Error(`No job is named "${name}": there is ${[...jobs.keys()].join(', ')}.`);
  await deps.definitions.fresh();
  const started = performance.now();
  const answer = (state: JobRun['state'], rows_written: number, error: string | null): JobRun => ({
    job: name,
    as_of_on,
    state,
    rows_written,
    error,
    took_ms: Math.round(performance.now() - started),
  });
  // A connection of its own holds the lock: when this process dies, so does the lock.
  return deps.db.connection().execute(async (holder) => {
    const lock = lockOf(name);
    const got = await sql<{ got: boolean }>`select pg_try_advisory_lock(${lock}) as got`.execute(holder);
    if (!got.rows[0]?.got) return answer('busy', 0, null);
    try {
      const id = await begin(holder, job, as_of_on);
      try {
        const progress = async (rows_written: number, waiting: number) => {
          deps.log.info({ job: name, rows_written, waiting }, 'a job goes on');
          await holder.updateTable('app.job_runs').set({ rows_written }).where('id', '=', id).execute();
        };
        const rows_written = await job.run({ deps, db: deps.db, pool: deps.pool, as_of_on, stopped, progress });
        await end(holder, { id, state: 'done', rows_written, error: null });
        return answer('done', rows_written, null);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        deps.log.error({ err: error, job: name, as_of_on }, 'a job failed');
        await end(holder, { id, state: 'failed', rows_written: null, error: message.slice(0, 2000) });
        return answer('failed', 0, message);
      }
    } finally {
      await sql`select pg_advisory_unlock(${lock})`.execute(holder);
    }
  });
}

/** Whether some worker is at the job this moment. */
export async function isRunning({ db }: Pick<JobDeps, 'db'>, name: string): Promise<boolean> {
  // The lock, where nobody has it, is given back at once.
  const asked = await db
    .transaction()
    .execute((trx) => sql<{ got: boolean }>`select pg_try_advisory_xact_lock(${lockOf(name)}) as got`.execute(trx));
  return !asked.rows[0]?.got;
}

/** Whether a job's schedule fires at most once a day, so that a day has one run of it. */
export function isDaily(job: Job): boolean {
  const [minute = '*', hour = '*'] = job.every.split(' ').slice(-5);
  return /^\d+$/.test(minute) && /^\d+$/.test(hour);
}

const lockOf = (name: string) => sql`hashtextextended(${`job ${name}`}, 0)`;

let loaded: Promise<ReadonlyMap<string, Job>> | undefined;

/** Who holds the lock may say that earlier runs without an end will never have one. */
async function begin(db: Kysely<DB>, job: Job, as_of_on: string): Promise<number> {
  await db
    .updateTable('app.job_runs')
    .set({ state: 'failed', finished_at: sql<string>`now()`, error: 'The process ended before the job did.' })
    .where('job', '=', job.name)
    .where('state', '=', 'running')
    .execute();
  const worker = `${hostname()} ${process.pid}`;
  const row =
    (isDaily(job) ? undefined : await beginAgain(db, job, { as_of_on, worker })) ??
    (await db
      .insertInto('app.job_runs')
      .values({ job: job.name, as_of_on, worker })
      .returning('id')
      .executeTakeFirstOrThrow());
  return row.id;
}

/** A job that looks every minute or so whether there is work has one row for its idle runs, not hundreds a day. */
async function beginAgain(db: Kysely<DB>, job: Job, run: { as_of_on: string; worker: string }) {
  return db
    .updateTable('app.job_runs')
    .set({
      ...run,
      state: 'running',
      started_at: sql<string>`clock_timestamp()`,
      finished_at: null,
      rows_written: null,
    })
    .where('id', '=', (idle) =>
      idle
        .selectFrom('app.job_runs as idle')
        .select(({ fn }) => fn.max('idle.id').as('id'))
        .where('idle.job', '=', job.name)
        .where('idle.state', '=', 'done')
        .where('idle.rows_written', '=', 0),
    )
    .returning('id')
    .executeTakeFirst();
}

async function end(
  db: Kysely<DB>,
  run: { id: number; state: 'done' | 'failed'; rows_written: number | null; error: string | null },
): Promise<void> {
  const { id, state, rows_written, error } = run;
  await db
    .updateTable('app.job_runs')
    .set({ state, rows_written, error, finished_at: sql<string>`clock_timestamp()` })
    .where('id', '=', id)
    .execute();
}

async function readJobs(): Promise<ReadonlyMap<string, Job>> {
  const found = [...readJobFiles().map(sqlJob), ...(await codeJobs())].sort((a, b) => (a.name < b.name ? -1 : 1));
  const jobs = new Map<string, Job>();
  for (const job of found) {
    if (jobs.has(job.name)) throw new Error(`Two jobs are named "${job.name}".`);
    // Throws on a pattern that is none.
    new Cron(job.every, { paused: true }).stop();
    jobs.set(job.name, job);
  }
  for (const job of found) {
    for (const name of job.after)
      if (!jobs.has(name)) throw new Error(`Job ${job.name} goes after "${name}", which is none.`);
  }
  return jobs;
}

function sqlJob({ name, path, text }: { name: string; path: string; text: string }): Job {
  const header = (key: string) => new RegExp(`^-- ${key}: (.+)$`, 'm').exec(text)?.[1]?.trim();
  const every = header('every');
  if (!every) throw new Error(`${path}: a job says when it runs, e.g. "-- every: 0 3 * * *".`);
  return {
    name,
    label: labelOf(name, header('label')?.split(' | ')),
    every,
    after: header('after')?.split(/,\s*/) ?? [],
    stale: header('stale') ?? null,
    run: async ({ db, as_of_on, stopped, progress }) => {
      const queue = header('queue');
      const { last } = queue ? await waitingIn(db, queue) : { last: null };
      let written = 0;
      for (;;) {
        const ran = await sql<{ written: number }>`
          select ${sql.id('ops', name)}(${as_of_on}::date) as written
        `.execute(db);
        written += ran.rows[0]?.written ?? 0;
        const { days } = queue && last ? await waitingIn(db, queue, last) : { days: 0 };
        if (days === 0 || stopped()) return written;
        await progress(written, days);
      }
    },
  };
}

function labelOf(name: string, given: readonly string[] | undefined): Pair {
  return [given?.[0] ?? name, given?.[1] ?? given?.[0] ?? name];
}

/** How many days wait in the queue, up to an entry, and which entry is its last. */
async function waitingIn(
  db: Kysely<DB>,
  queue: string,
  until: number | null = null,
): Promise<{ days: number; last: number | null }> {
  const found = await loosely(db)
    .selectFrom(`${queue} as waiting`)
    .select([sql<number>`count(distinct waiting.day)`.as('days'), sql<number | null>`max(waiting.id)`.as('last')])
    .$if(until !== null, (query) => query.where('waiting.id', '<=', until))
    .executeTakeFirstOrThrow();
  return { days: Number(found.days), last: found.last === null ? null : Number(found.last) };
}

async function codeJobs(): Promise<Job[]> {
  const folder = join(import.meta.dirname, 'jobs');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  return Promise.all(
    files.map(async (file) => {
      const module = (await import(pathToFileURL(join(folder, file)).href)) as Partial<Job>;
      if (!module.every || !module.run) throw new Error(`api/jobs/${file}: needs the exports "every" and "run".`);
      const { every, run, after = [], stale = null, label } = module;
      const name = basename(file, '.ts');
      return { name, label: labelOf(name, label), every, after, stale, run };
    }),
  );
}
