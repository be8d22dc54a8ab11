/** Writes the draft of a month's retrospective in the first days of the next, and of months that were missed. */
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { writeRetrospective } from '../report/retrospective-store.ts';

export const label = ['月度复盘', 'Monthly retrospective'] as const;
export const every = '30 7 * * *';
export const after = ['segment_snapshot', 'rfm_scores', 'points_day', 'benefit_day'];

/** @returns how many were written */
export async function run({ db, deps, as_of_on, stopped }: JobContext): Promise<number> {
  const { rows } = await sql<{ month_on: string }>`
    select month_on from ops.retrospectives_due(${as_of_on}::date) as month_on
  `.execute(db);
  let written = 0;
  for (const { month_on } of rows) {
    if (stopped()) break;
    if ((await writeRetrospective(deps, month_on, null)).written) written += 1;
  }
  return written;
}
