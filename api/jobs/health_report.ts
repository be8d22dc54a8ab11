/** Writes down each morning how the day before went, for good, and sends it to those who subscribed. */
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { shiftDate } from '../predicate/values.ts';
import { healthReport } from '../report/health.ts';
import { wantsAttention } from '../report/health-verdict.ts';

export const label = ['健康日报', 'Daily health report'] as const;
export const every = '0 7 * * *';
export const after = ['segment_snapshot', 'rfm_scores', 'points_day', 'benefit_day'];

/** @returns 1 where there was something new to write */
export async function run({ db, deps, as_of_on }: JobContext): Promise<number> {
  const reported_on = shiftDate(as_of_on, -1)!;
  const body = await healthReport(deps, { reported_on });
  const { rows } = await sql`
    select * from ops.write_health_report(${reported_on}::date, ${JSON.stringify(body)}::jsonb, ${wantsAttention(body)})
  `.execute(db);
  return rows.length;
}
