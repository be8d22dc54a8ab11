/** Takes one's own change back before it took effect. */
import { sql } from 'kysely';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_, { id, trx }) => {
  await trx
    .updateTable('app.change_requests')
    .set({ state: 'withdrawn', version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  return { message: ['已撤回', 'Withdrawn'] };
};
