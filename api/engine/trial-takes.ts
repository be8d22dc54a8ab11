/** Made-up facts that take points or give them back: by the routines that shops and staff use, in a transaction that is rolled back. */
import { type Kysely, sql } from 'kysely';
import type { Json, Row } from '../contract.ts';
import { fieldErrors, Problem, toProblem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { SOURCE, type TrialFact } from './trial-fact.ts';

/** Fields of what the routines are asked, as the form calls them. */
const FORM_FIELD: { [field: string]: string } = {
  amount: 'refund_amount',
  line_no: 'refund_line',
  quantity: 'refund_quantity',
  reward: 'reward_id',
};

/** @param fact FACT_FIELDS, checked; @param order_id of the customer */
export async function makeRefund(
  trx: Kysely<DB>,
  fact: Row,
  { customer_id, order_id, at }: { customer_id: number; order_id: number; at: string },
): Promise<TrialFact> {
  const order = await trx
    .selectFrom('app.orders')
    .select(['source', 'external_id'])
    .where('customer_id', '=', customer_id)
    .where('id', '=', order_id)
    .executeTakeFirstOrThrow();
  // Returns find their order by its key.
  await trx
    .insertInto('app.fact_keys')
    .values({ ...order, kind: 'order', customer_id, fact_id: order_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const asked = {
    external_id: crypto.randomUUID(),
    order_external_id: order.external_id,
    line_no: fact.refund_line ?? null,
    quantity: fact.refund_quantity ?? null,
    amount: fact.refund_amount ?? null,
    returned_at: at,
  };
  const { rows } = await sql<{
    said: { id: number; reason: string | null; field: string | null; params: Row | null }[];
  }>`
    select ops.accept_returns_json(${order.source}, ${JSON.stringify([asked])}::jsonb) as said
  `.execute(trx);
  const [said] = rows[0]!.said;
  if (said!.reason) {
    const field = FORM_FIELD[said!.field ?? ''] ?? 'order_id';
    const named = fact[field] == null ? (fact.order_id == null ? 'refund_by' : 'order_id') : field;
    throw fieldErrors({ [named]: { key: said!.reason, params: (said!.params ?? {}) as { [name: string]: Json } } });
  }
  return { fact_kind: 'return', fact_id: said!.id, customer_id };
}

/** @throws Problem 422 naming the field, for the reasons for which a shop would be refused */
export async function makeRedemption(
  trx: Kysely<DB>,
  fact: Row,
  { customer_id, at }: { customer_id: number; at: string },
): Promise<TrialFact> {
  const reward = fact.reward_id
    ? await trx
        .selectFrom('app.rewards')
        .select('code')
        .where('id', '=', fact.reward_id as number)
        .executeTakeFirst()
    : undefined;
  const asked = {
    source: SOURCE,
    external_id: crypto.randomUUID(),
    ...(reward ? { reward: reward.code, quantity: fact.quantity ?? 1 } : { points: fact.points, purpose: SOURCE }),
    confirm: fact.confirm ?? false,
  };
  const said = await refusedByField(async () => {
    const { rows } = await sql<{ said: { id: number } }>`
      select ops.reserve_points(${customer_id}::bigint, ${JSON.stringify(asked)}::jsonb, ${at}::timestamptz) as said
    `.execute(trx);
    return rows[0]!.said;
  });
  return { fact_kind: 'reserve', fact_id: said.id, customer_id };
}

export async function makeCancellation(
  trx: Kysely<DB>,
  { customer_id, redemption_id, at }: { customer_id: number; redemption_id: number; at: string },
): Promise<TrialFact> {
  const { rows } = await sql<{ said: { answer: string } }>`
    select ops.decide_redemption(${redemption_id}::bigint, 'cancel', null, ${at}::timestamptz) as said
  `.execute(trx);
  if (rows[0]!.said.answer === 'replayed') throw fieldErrors({ redemption_id: { key: 'already_cancelled' } });
  return { fact_kind: 'cancel', fact_id: redemption_id, customer_id };
}

export async function makeAdjustment(
  trx: Kysely<DB>,
  fact: Row,
  { customer_id, at }: { customer_id: number; at: string },
): Promise<TrialFact> {
  const { id } = await trx
    .insertInto('app.points_adjustments')
    .values({ customer_id, points: fact.points as number, reason: SOURCE, adjusted_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { fact_kind: 'adjust', fact_id: id, customer_id };
}

async function refusedByField<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const fault = toProblem(error);
    if (!fault.errors) throw error;
    const errors = Object.fromEntries(
      Object.entries(fault.errors).map(([field, each]) => [FORM_FIELD[field] ?? field, each]),
    );
    throw new Problem(fault.status, fault.key, fault.params, {
      errors,
      ...(fault.pair ? { message: fault.pair } : {}),
    });
  }
}
