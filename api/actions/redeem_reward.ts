/** A reward redeemed by staff for a customer: confirmed at once, and charged like any other redemption. */
import { randomUUID } from 'node:crypto';
import { describeRedemption, reservePoints } from '../engine/redemptions.ts';
import { fieldErrors } from '../errors.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, trx }) => {
  const reward = await trx
    .selectFrom('app.rewards')
    .select(['code', 'kind'])
    .where('id', '=', Number(input.reward))
    .executeTakeFirst();
  if (!reward) throw fieldErrors({ reward: { key: 'ref_missing', params: {} } });
  const said = await reservePoints(trx, deps, {
    customer_id: id!,
    asked: {
      source: 'console',
      external_id: randomUUID(),
      reward: reward.code,
      quantity: input.quantity ?? 1,
      partner_account: input.partner_account ?? null,
      confirm: true,
    },
  });
  if (input.reason != null) {
    await trx
      .updateTable('app.redemptions')
      .set({ reason: String(input.reason) })
      .where('id', '=', said.id)
      .execute();
  }
  const { points, balance } = await describeRedemption(trx, said.id);
  return {
    message: [`已扣 ${points} 积分，余额 ${balance}`, `${points} points taken, the balance is ${balance} now`],
    resource: 'redemptions',
    id: said.id,
  };
};
