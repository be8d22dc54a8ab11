/**
 * What follows from facts that were worked in: each follower does its part for some customers at a time, in one transaction with
 * the removal of what asked for it. Killed half way nothing has happened; two processes take different customers.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { retrying } from '../errors.ts';
import type { DB } from '../schema.ts';
import { type Follower, readFollowers } from './followers.ts';

const CUSTOMERS = 500;
/** Of one follower in one pass; with so many the fault is the follower's. */
const LEFT_OUT_MAX = 20;

export interface FollowingUp {
  at: string;
  stopped?: () => boolean;
  customers?: number;
  followers?: readonly Follower[];
}

/**
 * Follows up whatever waits. Neither a follower that fails nor a customer who cannot be followed up keeps the others from their part.
 * @returns how many rows were followed up
 * @throws the first failure, after everything else
 */
export async function followUp(
  deps: Pick<Deps, 'db' | 'resources'>,
  { at, stopped = () => false, customers = CUSTOMERS, followers }: FollowingUp,
): Promise<number> {
  let done = 0;
  const failures: unknown[] = [];
  for (const follower of followers ?? (await readFollowers())) {
    // Whoever cannot be followed up keeps nobody else waiting: a batch that fails is gone through one by one.
    const left_out: number[] = [];
    let size = customers;
    while (!stopped() && left_out.length < LEFT_OUT_MAX) {
      let taken: number[] = [];
      try {
        const rows = await retrying(() =>
          deps.db.transaction().execute((trx) => {
            taken = [];
            return followSome(trx, deps, { follower, customers: size, left_out, at, taken });
          }),
        );
        if (rows === 0) break;
        done += rows;
        size = Math.min(customers, 2 * size);
      } catch (error) {
        if (taken.length === 1) left_out.push(taken[0]!);
        if (taken.length <= 1) failures.push(error);
        if (taken.length === 0) break;
        size = 1;
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return done;
}

async function followSome(
  trx: Kysely<DB>,
  deps: Pick<Deps, 'db' | 'resources'>,
  {
    follower,
    customers,
    left_out,
    at,
    taken,
  }: { follower: Follower; customers: number; left_out: readonly number[]; at: string; taken: number[] },
): Promise<number> {
  const { rows } = await sql<{ customer_id: number; id: number }>`
    select customer_id, id from ops.take_follow_ups(
      ${follower.name}, ${customers}::integer, ${`{${left_out.join(',')}}`}::bigint[]
    )
  `.execute(trx);
  if (rows.length === 0) return 0;
  const whose = rows.map((row) => row.customer_id);
  const ids = rows.map((row) => row.id);
  taken.push(...new Set(whose));
  await follower.follow(trx, deps, { customers: taken, ids, at });
  await sql`
    select ops.done_follow_ups(${`{${whose.join(',')}}`}::bigint[], ${`{${ids.join(',')}}`}::bigint[])
  `.execute(trx);
  return rows.length;
}
