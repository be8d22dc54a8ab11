/** Makes up for the days on which a job should have run and did not, as the schedule would after an absence. */
import { loadJobs } from '../jobs.ts';
import { dayIn, readProgramme } from '../programme.ts';
import type { ActionHandler } from '../records/action.ts';
import { runDue } from '../scheduler.ts';
import { startJob } from '../start-job.ts';

export const act: ActionHandler['act'] = async (deps, { input }) => {
  const { time_zone } = await readProgramme(deps.db);
  const job = (await loadJobs()).get(String(input.job))!;
  return startJob(deps, job.name, () => runDue(deps, job, { as_of_on: dayIn(time_zone, new Date()) }));
};
