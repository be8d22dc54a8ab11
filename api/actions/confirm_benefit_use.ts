/** Uses a benefit that was reserved. */
import { decideUse } from '../engine/benefits.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_deps, { id, writer, trx }) => {
  await decideUse(trx, { id: id!, decision: 'confirm', user_id: writer.caller.id });
  return { message: ['已确认使用', 'It is used'] };
};
