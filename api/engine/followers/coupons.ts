/** Orders redeem the coupons they name and give them back when they are over; events activate those that wait for them. */
import { sql } from 'kysely';
import type { Follower } from '../followers.ts';

export const wanted = 'coupons_wanted';

export const follow: Follower['follow'] = async (trx, _deps, { customers, at }) => {
  await sql`select ops.follow_coupons(${`{${customers.join(',')}}`}::bigint[], ${at}::timestamptz)`.execute(trx);
};
