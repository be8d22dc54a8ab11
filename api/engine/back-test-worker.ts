/** A back-test that somebody has just opened is worked at once, in this process; the job of each minute goes on with what is left. */
import type { Deps } from '../context.ts';
import { runJob } from '../jobs.ts';
import { dayIn, readProgramme } from '../programme.ts';

const JOB = 'back_tests';

/** Never throws: the trial itself says what became of it. */
export async function workOff(deps: Deps): Promise<void> {
  try {
    const { time_zone } = await readProgramme(deps.db);
    for (;;) {
      const { state } = await runJob(deps, JOB, dayIn(time_zone, new Date()));
      // Whoever is at it takes this one next.
      if (state !== 'done' || !(await anyWaits(deps))) return;
    }
  } catch (error) {
    deps.log.error({ err: error }, 'back-tests could not be worked');
  }
}

async function anyWaits({ db }: Deps): Promise<boolean> {
  const row = await db
    .selectFrom('app.trials')
    .select('id')
    .where('state', 'in', ['waiting', 'running'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
