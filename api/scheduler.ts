/**
 * When jobs run: at their times in the programme's time zone, and, after a time when nobody was there to run them, the days
 * that were missed: today first, so that what people look at is right soonest, then backwards. Days that became stale (late
 * facts, new rules, history asked for) are looked for every minute.
 */
import { Cron } from 'croner';
import { sql } from 'kysely';
import { isDaily, type Job, type JobDeps, type JobRun, loadJobs, runJob } from './jobs.ts';
import { shiftDate } from './predicate/values.ts';
import { dayIn, readProgramme } from './programme.ts';
import { loosely } from './storage/loose-tables.ts';

/** Days that are made up for after an absence. */
const BACK_DAYS = 35;
/** Stale days of one pass; the next minute goes on, so that other jobs get their turn in between. */
const STALE_DAYS = 20;

export interface Scheduler {
  /** Starts nothing more and waits for what is running. */
  stop(): Promise<void>;
}

/** Plans every job and makes up for what was missed, in the background. */
export async function startScheduler(deps: JobDeps): Promise<Scheduler> {
  const jobs = await loadJobs();
  const { time_zone } = await readProgramme(deps.db);
  let stopped = false;
  // One at a time: the machine is also answering people.
  let queue: Promise<void> = Promise.resolve();
  const enqueue = (work: () => Promise<unknown>) => {
    queue = queue.then(async () => {
      if (stopped) return;
      try {
        await work();
      } catch (error) {
        if (!stopped) deps.log.error({ err: error }, 'the scheduler failed');
      }
    });
    return queue;
  };
  const today = () => ({ as_of_on: dayIn(time_zone, new Date()) });
  const pass = (job: Job) => runDue(deps, job, { ...today(), stopped: () => stopped });
  const crons = [...jobs.values()].map(
    (job) => new Cron(job.every, { timezone: time_zone, protect: true }, () => enqueue(() => pass(job))),
  );
  crons.push(
    new Cron('* * * * *', { protect: true }, () =>
      enqueue(async () => {
        for (const job of jobs.values()) await redoStale(deps, job, { ...today(), stopped: () => stopped });
      }),
    ),
  );
  for (const job of jobs.values()) enqueue(() => pass(job));
  return {
    stop: async () => {
      stopped = true;
      for (const cron of crons) cron.stop();
      await queue;
    },
  };
}

/**
 * Brings a job up to date: for today after the jobs it follows, then the days that were missed, newest first. A day that is
 * done already is left alone, unless the job is one that looks for work all day.
 * @returns its runs
 */
export async function runDue(
  deps: JobDeps,
  job: Job,
  { as_of_on, stopped = () => false }: { as_of_on: string; stopped?: () => boolean },
): Promise<JobRun[]> {
  const jobs = await loadJobs();
  const ran: JobRun[] = [];
  for (const day of isDaily(job) ? await missedDays(deps, job, as_of_on) : [as_of_on]) {
    if (stopped()) break;
    if (day === as_of_on) {
      for (const name of job.after) await runDue(deps, jobs.get(name)!, { as_of_on, stopped });
    }
    const run = await runJob(deps, job.name, day, { stopped });
    if (run.state === 'busy') break;
    ran.push(run);
  }
  return ran;
}

/** Runs a job again for the days its table calls stale, newest first, a bounded number of them. @returns the days */
export async function redoStale(
  deps: JobDeps,
  job: Job,
  { as_of_on, stopped = () => false }: { as_of_on: string; stopped?: () => boolean },
): Promise<string[]> {
  const ran: string[] = [];
  for (const day of await staleDays(deps, job, as_of_on)) {
    if (stopped()) break;
    const run = await runJob(deps, job.name, day, { stopped });
    if (run.state !== 'done') break;
    ran.push(day);
  }
  return ran;
}

/** Today if it is not done, and the days since the last run, newest first. A job that never ran owes only today. */
async function missedDays({ db }: JobDeps, job: Job, as_of_on: string): Promise<string[]> {
  const first = shiftDay(as_of_on, -BACK_DAYS);
  const done = await db
    .selectFrom('app.job_runs')
    .select('as_of_on')
    .distinct()
    .where('job', '=', job.name)
    .where('state', '=', 'done')
    .where('as_of_on', '<=', as_of_on)
    .where('as_of_on', '>', first)
    .execute();
  const days = new Set(done.map((row) => row.as_of_on));
  const oldest = [...days].sort()[0];
  const missed = days.has(as_of_on) ? [] : [as_of_on];
  if (!oldest) return (await everRan({ db }, job)) ? daysBetween(first, as_of_on) : missed;
  for (let day = shiftDay(as_of_on, -1); day > oldest; day = shiftDay(day, -1)) if (!days.has(day)) missed.push(day);
  return missed;
}

async function everRan({ db }: Pick<JobDeps, 'db'>, job: Job): Promise<boolean> {
  const row = await db
    .selectFrom('app.job_runs')
    .select('id')
    .where('job', '=', job.name)
    .where('state', '=', 'done')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A day that failed is tried again an hour later, not every minute. */
async function staleDays({ db }: JobDeps, job: Job, as_of_on: string): Promise<string[]> {
  if (!job.stale) return [];
  const rows = await loosely(db)
    .selectFrom(`${job.stale} as days`)
    .select('days.as_of_on')
    .distinct()
    .where('days.stale', '=', true)
    .where('days.as_of_on', '<=', as_of_on)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('app.job_runs as runs')
            .select('runs.id')
            .where('runs.job', '=', job.name)
            .where('runs.state', '=', 'failed')
            .where('runs.finished_at', '>', sql<string>`now() - interval '1 hour'`)
            .whereRef('runs.as_of_on', '=', 'days.as_of_on'),
        ),
      ),
    )
    .orderBy('days.as_of_on', 'desc')
    .limit(STALE_DAYS)
    .execute();
  return rows.map((row) => String(row.as_of_on));
}

/** After `first` up to `last`, newest first. */
function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = last; day > first; day = shiftDay(day, -1)) days.push(day);
  return days;
}

function shiftDay(day: string, by: number): string {
  const shifted = shiftDate(day, by);
  if (!shifted) throw new Error(`no day ${by} days from ${day}`);
  return shifted;
}
