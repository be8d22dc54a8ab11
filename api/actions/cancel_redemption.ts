/** Gives the points of a redemption back to the lots they came from. */
import { decideRedemption } from '../engine/redemptions.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, trx }) => {
  await decideRedemption(trx, deps, { id: id!, decision: 'cancel', reason: (input.reason as string | null) ?? null });
  return { message: ['积分已退回', 'The points were given back'] };
};
