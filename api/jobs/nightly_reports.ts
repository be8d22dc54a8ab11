/** Runs the reports that are to be run once a night (`run: { mode: nightly }`), as they open, and forgets what nobody will be given. */
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { runAgain } from '../report/kept-results.ts';
import { reportStore } from '../report/store.ts';

export const label = ['每晚运行的报表', 'Reports run at night'] as const;
export const every = '30 5 * * *';
export const after = ['refresh_rollups', 'rfm_scores', 'segment_snapshot'];

const LANGS = ['zh', 'en'] as const;

/** @returns how many results there are */
export async function run({ db, deps, stopped }: JobContext): Promise<number> {
  await db.deleteFrom('app.report_results').where('ran_at', '<', sql<string>`now() - interval '2 days'`).execute();
  let ran = 0;
  for (const { live } of await reportStore(deps).list()) {
    if (live?.definition.run?.mode !== 'nightly') continue;
    for (const lang of LANGS) {
      if (stopped()) return ran;
      // One that fails is told to whoever opens it; the others are run.
      await runAgain(deps, live, { query: {}, lang }).then(
        () => ran++,
        (error: unknown) => deps.log.warn({ err: error, slug: live.definition.slug }, 'a nightly report failed'),
      );
    }
  }
  return ran;
}
