/** Sends one's draft, or a change that failed, on its way: to review where consent is needed, else to its time. */
import { sql } from 'kysely';
import type { ActionHandler } from '../records/action.ts';
import { moveOn } from '../records/change-course.ts';

export const act: ActionHandler['act'] = async (deps, { id, writer, trx }) => {
  await trx.deleteFrom('app.change_consents').where('change_request_id', '=', id).execute();
  const request = await trx
    .updateTable('app.change_requests')
    .set({
      submitted_at: sql`now()`,
      decided_by: null,
      decided_at: null,
      decision_note: null,
      problem: null,
      asked_by: [],
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const course = await moveOn(deps, trx, request, writer);
  if (course === 'waits') return { message: ['已提交审批', 'Sent for consent'] };
  if (course === 'scheduled') return { message: ['已提交，将按时生效', 'It takes effect at its time'] };
  return { message: ['已生效', 'Applied'] };
};
