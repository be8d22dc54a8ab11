/**
 * Consents to a change. When everybody has agreed whom the rules ask for, it is saved at once, or at the time it names; what
 * a save would refuse is refused here.
 */
import { sql } from 'kysely';
import type { ActionHandler } from '../records/action.ts';
import { checkMayDecide, moveOn } from '../records/change-course.ts';
import type { ChangeRequest } from '../records/change-requests.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const note = (input.decision_note as string | null) ?? null;
  const found = await trx.selectFrom('app.change_requests').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  await checkMayDecide(deps, found, { caller: writer.caller, trx });
  const request: ChangeRequest = await trx
    .updateTable('app.change_requests')
    .set({ decided_by: writer.caller.id, decided_at: sql`now()`, decision_note: note })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('app.change_consents')
    .values({ change_request_id: found.id, user_id: writer.caller.id, note })
    .onConflict((known) => known.doNothing())
    .execute();
  const course = await moveOn(deps, trx, request, writer);
  if (course === 'waits')
    return { message: ['已同意，还须其他人审批', 'Agreed; it still takes the consent of others'] };
  if (course === 'scheduled') return { message: ['已批准，将按时生效', 'Approved; it takes effect at its time'] };
  return { message: ['已批准并生效', 'Approved and applied'] };
};
