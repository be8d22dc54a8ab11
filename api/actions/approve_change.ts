/** Consents to a change: it is saved at once, or at the time it names. What a save would refuse is refused here. */
import { sql } from 'kysely';
import type { ActionHandler } from '../records/action.ts';
import { applyChange, type ChangeRequest, checkMayDecide, isDue } from '../records/change-requests.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const request: ChangeRequest = await trx
    .updateTable('app.change_requests')
    .set({
      state: 'approved',
      decided_by: sql`nullif(${writer.caller.id}::bigint, created_by)`,
      decided_at: sql`now()`,
      decision_note: (input.decision_note as string | null) ?? null,
      version: sql`version + 1`,
      updated_at: sql`now()`,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  checkMayDecide(request, deps, writer.caller);
  if (!isDue(request)) return { message: ['已批准，将按时生效', 'Approved; it takes effect at its time'] };
  await applyChange(deps, trx, request, writer);
  return { message: ['已批准并生效', 'Approved and applied'] };
};
