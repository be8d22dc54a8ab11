/** Spends the points of a reservation. */
import { decideRedemption } from '../engine/redemptions.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, trx }) => {
  await decideRedemption(trx, deps, { id: id!, decision: 'confirm', reason: (input.reason as string | null) ?? null });
  return { message: ['兑换已确认', 'The redemption is confirmed'] };
};
