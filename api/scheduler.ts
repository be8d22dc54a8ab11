/**
 * When jobs run: at their times in the programme's time zone, and, after a time when nobody was there to run them, the days
 * that were missed: today first, so that what people look at is right soonest, then backwards.
 */
import { Cron } from 'croner';
import { isDaily, type Job, type JobDeps, loadJobs, runJob } from './jobs.ts';
import { loosely } from './loose-tables.ts';
import { shiftDate } from './predicate-values.ts';
import { dayIn, readProgramme } from './programme.ts';

/** Days that are made up for after an absence, or computed again because facts came late; per job and pass. */
const BACK_DAYS = 35;

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
  const pass = (job: Job) => runDue(deps, job, { as_of_on: dayIn(time_zone, new Date()), stopped: () => stopped });
  const crons = [...jobs.values()].map(
    (job) => new Cron(job.every, { timezone: time_zone, protect: true }, () => enqueue(() => pass(job))),
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
 * Brings a job up to date: for today after the jobs it follows, then the days that were missed or have become stale,
 * newest first. A day that is done already is left alone, unless the job is one that looks for work all day.
 * @returns the days it was run for
 */
export async function runDue(
  deps: JobDeps,
  job: Job,
  { as_of_on, stopped = () => false }: { as_of_on: string; stopped?: () => boolean },
): Promise<string[]> {
  const jobs = await loadJobs();
  const ran: string[] = [];
  const missed = isDaily(job) ? await missedDays(deps, job, as_of_on) : [as_of_on];
  for (const day of [...missed, ...(await staleDays(deps, job, as_of_on))]) {
    if (stopped() || ran.includes(day)) continue;
    if (day === as_of_on) {
      for (const name of job.after) {
        const before = jobs.get(name)!;
        await runDue(deps, before, { as_of_on, stopped });
      }
    }
    const run = await runJob(deps, job.name, day);
    if (run.state === 'busy') return ran;
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

async function staleDays({ db }: JobDeps, job: Job, as_of_on: string): Promise<string[]> {
  if (!job.stale) return [];
  const rows = await loosely(db)
    .selectFrom(job.stale)
    .select('as_of_on')
    .distinct()
    .where('stale', '=', true)
    .where('as_of_on', '<=', as_of_on)
    .orderBy('as_of_on', 'desc')
    .limit(BACK_DAYS)
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
