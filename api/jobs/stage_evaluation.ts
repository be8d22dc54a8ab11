/** Writes down on the first of each month, and when a stage has ended, how the goals of every stage stand, for good. */
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { shiftDate } from '../predicate/values.ts';
import { stageEvaluation } from '../report/stages.ts';

export const label = ['阶段评估', 'Evaluation of the stages'] as const;
export const every = '20 7 * * *';
export const after = ['segment_snapshot', 'rfm_scores', 'points_day', 'benefit_day', 'customer_values'];

/** @returns 1 where there was something new to write */
export async function run({ db, deps, as_of_on }: JobContext): Promise<number> {
  const reported_on = shiftDate(as_of_on, -1)!;
  const body = await stageEvaluation(deps, { reported_on });
  const ends = body.stages.some(({ due_on }) => due_on === reported_on);
  if (body.stages.length === 0 || !(ends || as_of_on.endsWith('-01'))) return 0;
  const { rows } = await sql<{ number: number | null }>`
    select ops.write_stage_evaluation(${reported_on}::date, ${JSON.stringify(body)}::jsonb) as number
  `.execute(db);
  return rows[0]!.number === null ? 0 : 1;
}
