/** Works trials over the history, oldest first. Whoever opens one starts it at once; this goes on with what a process left behind. */
import { workTrial } from '../engine/back-test.ts';
import type { JobContext } from '../jobs.ts';
import { problemText } from '../records/change-course.ts';

export const label = ['规则回测', 'Back-tests of rules'] as const;
export const every = '* * * * *';

/** Other jobs get their turn in between. */
const PASS_MS = 30_000;

/** @returns how many trials it worked */
export async function run({ deps, stopped }: JobContext): Promise<number> {
  const until = performance.now() + PASS_MS;
  const enough = () => stopped() || performance.now() > until;
  let worked = 0;
  while (!enough()) {
    const next = await deps.db
      .selectFrom('app.trials')
      .select('id')
      .where('state', 'in', ['waiting', 'running'])
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (!next) break;
    worked += 1;
    try {
      if (!(await workTrial(deps, next.id, enough))) break;
    } catch (error) {
      deps.log.error({ err: error, trial: next.id }, 'a back-test failed');
      await deps.db
        .updateTable('app.trials')
        .set({ state: 'failed', problem: problemText(error), finished_at: new Date().toISOString() })
        .where('id', '=', next.id)
        .execute();
    }
  }
  return worked;
}
