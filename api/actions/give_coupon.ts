/** A coupon given to a customer by staff, with a reason; limits, eligibility and budget are asked as always. */
import { randomUUID } from 'node:crypto';
import { REFUSALS } from '../coupon-refusals.ts';
import { describeCoupon, issueCoupon } from '../engine/coupons.ts';
import { fieldErrors } from '../errors.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_deps, { id, input, trx }) => {
  const { coupon_id, refusal } = await issueCoupon(trx, {
    customer_id: id!,
    template_id: Number(input.template_id),
    source: 'console',
    external_id: randomUUID(),
    note: String(input.reason),
  });
  if (refusal !== null || coupon_id === null)
    throw fieldErrors({ template_id: { key: refusal!, message: REFUSALS[refusal!]! } });
  const { coupon } = await describeCoupon(trx, coupon_id);
  return { message: [`已发放，券号 ${coupon}`, `Given; its no. is ${coupon}`], resource: 'coupons', id: coupon_id };
};
