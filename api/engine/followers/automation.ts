/** Facts that automations begin with, and by which communities take people in. */
import { sql } from 'kysely';
import { enterByFacts } from '../automations.ts';
import type { Follower } from '../followers.ts';

export const wanted = 'automation_wanted';

export const follow: Follower['follow'] = async (trx, deps, { customers, ids, at }) => {
  await sql`select ops.join_communities(${`{${customers.join(',')}}`}::bigint[], ${at}::timestamptz)`.execute(trx);
  await enterByFacts(trx, deps, { customers, ids, at });
};
