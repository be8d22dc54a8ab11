/** A made-up fact, and somebody for it to happen to, as rows of a transaction that is rolled back. */
import { type Kysely, sql } from 'kysely';
import type { Json, Row } from '../contract.ts';
import { fieldErrors } from '../errors.ts';
import type { DB } from '../schema.ts';

/** Whatever is made up has this source; nothing with it is ever committed. */
export const SOURCE = 'trial';

/** As the engine calls it (ops.engine_facts). */
export interface TrialFact {
  fact_kind: string;
  fact_id: number;
  customer_id: number;
}

interface Line {
  product_id: number | null;
  category: string | null;
  amount: string;
}

/** @param who WHO_FIELDS, checked; @param at when they enrol, if that is the fact itself @returns their id */
export async function makeCustomer(
  trx: Kysely<DB>,
  who: Row,
  { at, enrols, time_zone }: { at: string; enrols: boolean; time_zone: string },
): Promise<number> {
  const enrolled_at = enrols
    ? sql<string>`${at}::timestamptz`
    : sql<string>`coalesce(
        ${(who.enrolled_on ?? null) as string | null}::date::timestamp at time zone ${time_zone},
        ${at}::timestamptz - interval '1 year'
      )`;
  const { id } = await trx
    .insertInto('app.customers')
    .values({
      external_id: madeUp(),
      enrolled_at,
      enrolled_on: sql<string>`(${enrolled_at} at time zone ${time_zone})::date`,
      birth_on: (who.birth_on ?? null) as string | null,
      gender: (who.gender ?? null) as string | null,
      province: (who.province ?? null) as string | null,
      city: (who.city ?? null) as string | null,
      occupation: (who.occupation ?? null) as string | null,
      channel: (who.channel ?? 'online') as string,
      tags: (who.tags ?? []) as string[],
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (who.tier_id) {
    await trx
      .insertInto('app.tier_grades')
      .values({
        customer_id: id,
        tier_id: who.tier_id as number,
        graded_at: sql<string>`${at}::timestamptz - interval '1 second'`,
        reason: SOURCE,
      })
      .execute();
  }
  return id;
}

/** @param fact FACT_FIELDS, checked */
export async function makeOrder(
  trx: Kysely<DB>,
  fact: Row,
  { customer_id, at, time_zone }: { customer_id: number; at: string; time_zone: string },
): Promise<TrialFact> {
  const { id } = await trx
    .insertInto('app.orders')
    .values({
      customer_id,
      source: SOURCE,
      external_id: madeUp(),
      channel: (fact.order_channel ?? 'online') as string,
      placed_at: at,
      paid_at: at,
      placed_on: sql<string>`(${at}::timestamptz at time zone ${time_zone})::date`,
      amount: fact.amount as string,
      coupon_code: fact.coupon_used ? SOURCE : null,
      campaign_code: (fact.campaign_code ?? null) as string | null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const lines = (fact.lines ?? []) as Json as unknown as Line[];
  for (const [index, line] of lines.entries()) {
    const product_id = await productOf(trx, line, index);
    await trx
      .insertInto('app.order_lines')
      .values({
        customer_id,
        order_id: id,
        line_no: index + 1,
        product_id,
        sku: `trial ${index + 1}`,
        quantity: 1,
        unit_price: line.amount,
        amount: line.amount,
      })
      .execute();
  }
  return { fact_kind: 'order', fact_id: id, customer_id };
}

/** What a customer does beside buying. @param fact FACT_FIELDS, checked */
export async function makeEvent(
  trx: Kysely<DB>,
  fact: Row,
  { customer_id, at, time_zone }: { customer_id: number; at: string; time_zone: string },
): Promise<TrialFact> {
  const kind = fact.kind as string;
  const sale = kind === 'share' && fact.sold ? await makeSale(trx, { at, time_zone }) : null;
  const { id } = await trx
    .insertInto('app.events')
    .values({
      customer_id,
      source: SOURCE,
      external_id: madeUp(),
      kind,
      occurred_at: at,
      occurred_on: sql<string>`(${at}::timestamptz at time zone ${time_zone})::date`,
      channel: (fact.event_channel ?? null) as string | null,
      order_id: sale,
      product_id: (fact.product_id ?? null) as number | null,
      rating: (fact.rating ?? null) as number | null,
      task_code: (fact.task_code ?? null) as string | null,
      campaign_code: (fact.campaign_code ?? null) as string | null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { fact_kind: kind, fact_id: id, customer_id };
}

/** The order of somebody else that a share has led to. */
async function makeSale(trx: Kysely<DB>, { at, time_zone }: { at: string; time_zone: string }): Promise<number> {
  const buyer = await makeCustomer(trx, {}, { at, enrols: false, time_zone });
  const sale = await makeOrder(trx, { amount: '100' }, { customer_id: buyer, at, time_zone });
  return sale.fact_id;
}

/** A line of a category alone gets goods of that category. */
async function productOf(trx: Kysely<DB>, line: Line, index: number): Promise<number | null> {
  if (line.product_id !== null && line.product_id !== undefined) {
    const found = await trx
      .selectFrom('app.products')
      .select('id')
      .where('id', '=', line.product_id)
      .executeTakeFirst();
    if (!found) throw fieldErrors({ [`lines.${index}.product_id`]: { key: 'ref_missing' } });
    return found.id;
  }
  if (!line.category) return null;
  const { id } = await trx
    .insertInto('app.products')
    .values({
      external_id: madeUp(),
      name: line.category,
      category: line.category,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Nobody has it: it is rolled back. */
export function madeUp() {
  return sql<string>`'trial ' || gen_random_uuid()::text`;
}
