/** A use of a benefit that could not be done: the customer gets it back. */
import { decideUse } from '../engine/benefits.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_deps, { id, input, writer, trx }) => {
  await decideUse(trx, { id: id!, decision: 'fail', reason: String(input.reason), user_id: writer.caller.id });
  return { message: ['次数已退回给客户', 'The customer has the use back'] };
};
