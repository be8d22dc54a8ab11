/** Journeys whose time has come go on, and communities are told what their calendar has for now. It costs what is due. */
import { sql } from 'kysely';
import { advance } from '../engine/automations.ts';
import { retrying } from '../errors.ts';
import type { JobContext } from '../jobs.ts';

export const label = ['自动化与社群推进', 'Automations and communities'] as const;
export const every = '* * * * *';

/** @returns how many journeys moved and posts were made */
export async function run({ deps, db, as_of_on, stopped }: JobContext): Promise<number> {
  const at = new Date().toISOString();
  const { rows } = await retrying(() =>
    sql<{ posted: number }>`
      select ops.post_community_plans(${as_of_on}::date, ${at}::timestamptz) as posted
    `.execute(db),
  );
  const moved = await advance((work) => retrying(() => db.transaction().execute(work)), deps, { at, stopped });
  return moved + rows[0]!.posted;
}
