/** Runs a job for a day, now. */
import { fieldErrors } from '../errors.ts';
import { runJob } from '../jobs.ts';
import { dayIn, readProgramme } from '../programme.ts';
import type { ActionHandler } from '../records/action.ts';
import { startJob } from '../start-job.ts';

export const act: ActionHandler['act'] = async (deps, { input }) => {
  const { time_zone } = await readProgramme(deps.db);
  const today = dayIn(time_zone, new Date());
  const job = String(input.job);
  const as_of_on = (input.as_of_on as string | null | undefined) ?? today;
  if (as_of_on > today) throw fieldErrors({ as_of_on: { key: 'job_future' } });
  return startJob(deps, job, async () => [await runJob(deps, job, as_of_on)]);
};
