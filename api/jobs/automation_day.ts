/** A new day for automations: who came into or left a segment, whose birthday or anniversary it is, begins. It costs what changed. */
import { enterByDay } from '../engine/automations.ts';
import { retrying } from '../errors.ts';
import type { JobContext } from '../jobs.ts';

export const label = ['自动化入口', 'Automations: who enters'] as const;
export const every = '50 0 * * *';
export const after = ['segment_snapshot', 'benefit_day'];

/** @returns how many journeys began */
export async function run({ deps, db, as_of_on, stopped }: JobContext): Promise<number> {
  return enterByDay((work) => retrying(() => db.transaction().execute(work)), deps, {
    as_of_on,
    at: new Date().toISOString(),
    stopped,
  });
}
