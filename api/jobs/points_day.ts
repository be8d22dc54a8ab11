/** What a new day of the programme brings: pending points become available, others expire, tiers end. It costs what falls due. */
import { sql } from 'kysely';
import { settleDay } from '../engine/process.ts';
import type { JobContext } from '../jobs.ts';

export const label = ['积分与等级到期', 'Points and tiers that begin or end'] as const;
export const every = '1 0 * * *';

/** @returns how many customers had something due */
export async function run({ deps, db, as_of_on, stopped }: JobContext): Promise<number> {
  const { rows } = await sql<{ at: string }>`
    select (${as_of_on}::date::timestamp at time zone settings.time_zone)::text as at from app.settings
  `.execute(db);
  await sql`select ops.look_at_tiers()`.execute(db);
  const settled = await settleDay(deps, { until_at: rows[0]!.at, stopped });
  if (!stopped()) await sql`select ops.remind_of_expiry(${as_of_on}::date)`.execute(db);
  return settled;
}
