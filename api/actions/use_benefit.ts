/** A benefit used by a customer through staff: at the counter, on the phone. */
import { randomUUID } from 'node:crypto';
import { REFUSALS, useBenefit } from '../engine/benefits.ts';
import { fieldErrors } from '../errors.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, trx }) => {
  const said = await useBenefit(trx, deps, {
    customer_id: id!,
    asked: {
      source: 'console',
      external_id: randomUUID(),
      benefit_id: Number(input.benefit_id),
      reserve: false,
      note: (input.note as string | null | undefined) ?? null,
      used_at: null,
    },
  });
  if (said.answer === 'refused')
    throw fieldErrors({ benefit_id: { key: said.reason!, message: REFUSALS[said.reason!]! } });
  const { code, status } = await trx
    .selectFrom('app.benefit_uses')
    .select(['code', 'status'])
    .where('customer_id', '=', id!)
    .where('id', '=', said.id!)
    .executeTakeFirstOrThrow();
  if (code !== null) return { message: [`已使用，券码 ${code}`, `Used; the code is ${code}`] };
  return {
    message: status === 'waiting' ? ['已登记，等待履约', 'Noted; it waits to be done'] : ['已使用', 'Used'],
  };
};
