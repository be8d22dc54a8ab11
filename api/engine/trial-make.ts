/** From the fields of a made-up fact to the fact: whose it is, when it happens, and its rows, by its kind. */
import { type Kysely, sql } from 'kysely';
import type { Row } from '../contract.ts';
import { fieldErrors } from '../errors.ts';
import { EVENT_FACTS } from '../facts/fields.ts';
import type { DB } from '../schema.ts';
import { makeCustomer, makeEvent, makeOrder, type TrialFact } from './trial-fact.ts';
import { makeAdjustment, makeCancellation, makeRedemption, makeRefund } from './trial-takes.ts';

/** What rules can be triggered by. */
export const EARNING: ReadonlySet<string> = new Set(['order', 'sign_up', ...Object.keys(EVENT_FACTS)]);

/** Whose fact it is, where somebody who is there is named, by themselves or by what is theirs. @throws Problem 422 */
export async function ownerOf(trx: Kysely<DB>, fact: Row): Promise<number | null> {
  if (fact.order_id != null) {
    const id = fact.order_id as number;
    const order = await trx.selectFrom('app.orders').select('customer_id').where('id', '=', id).executeTakeFirst();
    if (!order) throw fieldErrors({ order_id: { key: 'ref_missing' } });
    if (order.customer_id === 0) throw fieldErrors({ order_id: { key: 'of_nobody' } });
    return order.customer_id;
  }
  if (fact.redemption_id != null) {
    const id = fact.redemption_id as number;
    const held = await trx.selectFrom('app.redemptions').select('customer_id').where('id', '=', id).executeTakeFirst();
    if (!held) throw fieldErrors({ redemption_id: { key: 'ref_missing' } });
    return held.customer_id;
  }
  return (fact.customer_id ?? null) as number | null;
}

/**
 * `until_at`: up to when the books are brought; now, or the fact, whichever is later. `order_at`: of the order that a refund is
 * about, where that is made up too. `ahead`: nothing that happened came after them.
 */
export async function momentsOf(
  trx: Kysely<DB>,
  fact: Row,
): Promise<{ at: string; until_at: string; order_at: string | null; ahead: boolean }> {
  const asked = (fact.at ?? null) as string | null;
  const ordered = (fact.order_at ?? null) as string | null;
  const makes_order = fact.kind === 'refund' && fact.order_id == null;
  const { rows } = await sql<{ at: string; until_at: string; order_at: string | null; ahead: boolean }>`
    select
      moments.at::text as at,
      greatest(moments.at, moments.order_at, clock_timestamp())::text as until_at,
      moments.order_at::text as order_at,
      ${asked}::timestamptz is null and moments.order_at is null or least(moments.at, moments.order_at) >= now() as ahead
    from (
      select
        fact.at,
        case when ${makes_order}::boolean then coalesce(${ordered}::timestamptz, fact.at - interval '1 day') end as order_at
      from (select coalesce(${asked}::timestamptz, clock_timestamp()) as at) as fact
    ) as moments
  `.execute(trx);
  return rows[0]!;
}

/** @param customer_id null: somebody who enrols by it; @param order the one that a refund is about, where it is made up too */
export async function makeFact(
  trx: Kysely<DB>,
  fact: Row,
  {
    customer_id,
    at,
    time_zone,
    order,
  }: { customer_id: number | null; at: string; time_zone: string; order: TrialFact | null },
): Promise<TrialFact> {
  const kind = fact.kind as string;
  if (kind === 'sign_up' || customer_id === null) {
    const enrolled = await makeCustomer(trx, fact, { at, enrols: true, time_zone });
    return { fact_kind: 'sign_up', fact_id: enrolled, customer_id: enrolled };
  }
  const theirs = { customer_id, at, time_zone };
  switch (kind) {
    case 'order':
      return makeOrder(trx, fact, theirs);
    case 'refund':
      return makeRefund(trx, fact, { ...theirs, order_id: order?.fact_id ?? (fact.order_id as number) });
    case 'redeem':
      return makeRedemption(trx, fact, theirs);
    case 'cancel':
      return makeCancellation(trx, { ...theirs, redemption_id: fact.redemption_id as number });
    case 'adjust':
      return makeAdjustment(trx, fact, theirs);
    default:
      return makeEvent(trx, fact, theirs);
  }
}
