/** Tasks follow whatever a customer does: where they are is worked out anew, and whoever invited them is told. */
import { sql } from 'kysely';
import type { Follower } from '../followers.ts';
import { reviewTasks } from '../tasks.ts';

export const wanted = 'tasks_wanted';

export const follow: Follower['follow'] = async (trx, deps, { customers, at }) => {
  await sql`select ops.follow_tasks(${`{${customers.join(',')}}`}::bigint[])`.execute(trx);
  await reviewTasks(trx, deps, { customers, at });
};
