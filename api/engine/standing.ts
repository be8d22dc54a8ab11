/** How far a customer is to keep their tier and to reach the next: what the engine counts itself (ops.tier_progress). */
import { type Kysely, sql } from 'kysely';
import type { DB } from '../schema.ts';

export interface Progress {
  goal: 'keep' | 'reach';
  tier_id: number;
  any_criterion: boolean;
  reached: boolean;
  next_period: boolean;
  measures: Measure[];
}
/** Amounts and counts are exact, as text; target null: nothing to count (a segment, an invitation). */
export interface Measure {
  basis: string;
  window_kind: string;
  window_days: number | null;
  from_on: string | null;
  ends_on: string | null;
  value: string | null;
  target: string | null;
  missing: string | null;
  /** Of what is asked, 0..1. */
  share: number;
  met: boolean;
}

/** @returns none for who is in no books yet */
export async function tierProgress(db: Kysely<DB>, customer_id: number): Promise<Progress[]> {
  const { rows } = await sql<Progress>`
    select goal, tier_id, any_criterion, reached, next_period, measures
    from ops.tier_progress(${customer_id}::bigint, clock_timestamp())
  `.execute(db);
  return rows;
}

/** The points that expire first, together. */
export async function nextExpiry(
  db: Kysely<DB>,
  customer_id: number,
): Promise<{ expires_at: string | null; points: number } | undefined> {
  return db
    .selectFrom('app.points_lots')
    .select(({ fn }) => ['expires_at', fn.sum<number>('available').as('points')])
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer_id)
    .where('account', '=', 'points')
    .where('available', '>', 0)
    .where('expires_at', 'is not', null)
    .groupBy('expires_at')
    .orderBy('expires_at')
    .limit(1)
    .executeTakeFirst();
}
