/** Sends one's draft, or a change that failed, on its way: to review where consent is needed, else to its time. */
import { sql } from 'kysely';
import type { ActionHandler } from '../records/action.ts';
import { applyChange, isDue } from '../records/change-requests.ts';

export const act: ActionHandler['act'] = async (deps, { id, writer, trx }) => {
  const request = await trx
    .updateTable('app.change_requests')
    .set({
      state: sql`case when needs_consent then 'in_review' else 'approved' end`,
      submitted_at: sql`now()`,
      decided_by: null,
      decided_at: null,
      decision_note: null,
      problem: null,
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (request.state === 'in_review') return { message: ['已提交审批', 'Sent for consent'] };
  if (!isDue(request)) return { message: ['已提交，将按时生效', 'It takes effect at its time'] };
  await applyChange(deps, trx, request, writer);
  return { message: ['已生效', 'Applied'] };
};
