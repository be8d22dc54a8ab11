/** A job started because somebody asked for it: in this process, beside the schedule. */
import type { Deps } from './context.ts';
import type { Json, Pair } from './contract.ts';
import { problem } from './errors.ts';
import { isRunning, type JobRun, loadJobs } from './jobs.ts';
import { announce } from './records/announce.ts';

/** Whoever asked hears the result of a run that takes no longer; the list shows that of the others. */
const WAIT_MS = 2_000;

/**
 * @param run what is to be run; it records itself in app.job_runs
 * @returns what became of it, or that it has begun
 * @throws Problem 409 while the job runs already
 */
export async function startJob(
  deps: Deps,
  name: string,
  run: () => Promise<readonly Pick<JobRun, 'state' | 'as_of_on' | 'rows_written' | 'error'>[]>,
): Promise<Json> {
  const label = (await loadJobs()).get(name)!.label;
  if (await isRunning(deps, name)) throw problem(409, 'job_busy', { job: label });
  const running = run().finally(() => announce(deps, 'job_runs', []));
  const waited = new Promise<null>((done) => setTimeout(() => done(null), WAIT_MS).unref());
  const runs = await Promise.race([running, waited]);
  if (!runs) {
    running.catch((error) => deps.log.error({ err: error, job: name }, 'a job that was asked for failed'));
    return said([
      `“${label[0]}”已开始运行，完成后可在列表中查看`,
      `${label[1]} has begun; the list shows when it is done`,
    ]);
  }
  if (runs.some((each) => each.state === 'busy')) throw problem(409, 'job_busy', { job: label });
  const failed = runs.find((each) => each.state === 'failed');
  if (failed)
    return { ...said([`“${label[0]}”运行失败：${failed.error}`, `${label[1]} failed: ${failed.error}`]), tone: 'bad' };
  if (runs.length === 0) return said([`“${label[0]}”没有漏跑的日期`, `${label[1]} has missed no day`]);
  const rows = runs.reduce((sum, each) => sum + each.rows_written, 0);
  return said([
    `“${label[0]}”已完成：${runs.length} 天，写入 ${rows} 行`,
    `${label[1]} is done: ${runs.length} day(s), ${rows} row(s) written`,
  ]);
}

const said = (message: Pair) => ({ message: [...message] });
