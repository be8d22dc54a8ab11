/** Refuses a change, with the reason. */
import { sql } from 'kysely';
import type { ActionHandler } from '../records/action.ts';
import { checkMayDecide } from '../records/change-course.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const found = await trx.selectFrom('app.change_requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  await checkMayDecide(deps, found, { caller: writer.caller, trx });
  await trx
    .updateTable('app.change_requests')
    .set({
      state: 'rejected',
      decided_by: writer.caller.id,
      decided_at: sql`now()`,
      decision_note: input.decision_note as string,
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .execute();
  return { message: ['已驳回', 'Rejected'] };
};
