/** A new day for benefits: packages granted, periods opened with what is brought along, reminders noted. It costs what is due. */
import { benefitDay } from '../engine/benefit-day.ts';
import { retrying } from '../errors.ts';
import type { JobContext } from '../jobs.ts';

export const label = ['权益发放与提醒', 'Benefits granted and reminded of'] as const;
export const every = '40 0 * * *';
export const after = ['points_day', 'segment_snapshot'];

/** @returns how many grants, periods and reminders were written */
export async function run({ deps, db, as_of_on, stopped }: JobContext): Promise<number> {
  return benefitDay((work) => retrying(() => db.transaction().execute(work)), deps, { as_of_on, stopped });
}
