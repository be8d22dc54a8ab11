/** Takes a use of a benefit back, also after it was done. */
import { decideUse } from '../engine/benefits.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_deps, { id, input, writer, trx }) => {
  await decideUse(trx, { id: id!, decision: 'cancel', reason: String(input.reason), user_id: writer.caller.id });
  return { message: ['次数已退回', 'The use was given back'] };
};
