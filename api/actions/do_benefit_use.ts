/** Somebody did what a use of a benefit asked for. */
import { decideUse } from '../engine/benefits.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_deps, { id, input, writer, trx }) => {
  const { note = null, code = null } = input as { note?: string | null; code?: string | null };
  await decideUse(trx, { id: id!, decision: 'done', reason: note, code, user_id: writer.caller.id });
  return { message: ['已标记为完成', 'It is done'] };
};
