/** Coupons of shops: claimed, quoted, reserved, confirmed and cancelled. What is worked out is worked out by the database. */
import { type Kysely, sql } from 'kysely';
import type { Json, Row } from '../contract.ts';
import type { DB } from '../schema.ts';

export interface ClaimAnswer {
  answer: 'accepted' | 'replayed' | 'refused';
  id: number | null;
  refusal: string | null;
  differs?: boolean;
}
/** As ops.quote_coupons tells it. */
export interface Quote {
  usable: boolean;
  coupons: { coupon: string; refusal: string | null }[];
  [part: string]: Json;
}
export type Reservation = Quote & { answer: 'accepted' | 'replayed' | 'refused'; id?: number; differs?: boolean };

export async function claimCoupon(
  trx: Kysely<DB>,
  { customer_id, asked }: { customer_id: number; asked: Row },
): Promise<ClaimAnswer> {
  return only(
    await sql<{ said: ClaimAnswer }>`
      select ops.claim_coupon(${customer_id}::bigint, ${JSON.stringify(asked)}::jsonb, now()) as said
    `.execute(trx),
  );
}

/** One coupon for one customer, as ops.issue_coupons gives many. */
export async function issueCoupon(
  trx: Kysely<DB>,
  asked: { customer_id: number; template_id: number; source: string; external_id: string; note: string },
): Promise<{ coupon_id: number | null; refusal: string | null }> {
  const { customer_id, template_id, source, external_id, note } = asked;
  const { rows } = await sql<{ coupon_id: number | null; refusal: string | null }>`
    select coupon_id, refusal
    from ops.issue_coupons(
      ${template_id}::bigint, array[${customer_id}]::bigint[], ${source}, array[${external_id}]::text[], now(),
      ${JSON.stringify({ note })}::jsonb
    )`.execute(trx);
  return rows[0]!;
}

/** How many a customer can use now, how many are yet to be (claimed, activated, given a code), and which ends first. */
export async function couponStanding(db: Kysely<DB>, customer_id: number): Promise<Row> {
  const { rows } = await sql<Row>`
    select
      count(*) filter (where held.status = 'claimed')::integer as usable,
      count(*) filter (where held.status in ('issued', 'inactive', 'waiting'))::integer as not_yet,
      count(*) filter (where held.status = 'reserved')::integer as reserved,
      min(held.valid_until_at) filter (where held.status = 'claimed') as next_end_at
    from app.coupons as held
    where held.customer_id = ${customer_id}::bigint
      and held.status in ('issued', 'waiting', 'inactive', 'claimed', 'reserved')
      and coalesce(held.valid_until_at > now(), true)`.execute(db);
  return rows[0]!;
}

export async function quoteCoupons(
  db: Kysely<DB>,
  { customer_id, asked }: { customer_id: number; asked: Row },
): Promise<Quote> {
  return only(
    await sql<{ said: Quote }>`
      select ops.quote_coupons(
        ${customer_id}::bigint, ${JSON.stringify(asked)}::jsonb, ${asked.coupons as string[]}::text[], now()
      ) as said
    `.execute(db),
  );
}

/** @returns refused, with the refusal of each beside it; what was refused may be asked for again under the same number */
export async function reserveCoupons(
  trx: Kysely<DB>,
  { customer_id, asked }: { customer_id: number; asked: Row },
): Promise<Reservation> {
  return only(
    await sql<{ said: Reservation }>`
      select ops.reserve_coupons(${customer_id}::bigint, ${JSON.stringify(asked)}::jsonb, now()) as said
    `.execute(trx),
  );
}

/** @returns null when there is no such reservation; throws what ops.decide_coupon_checkout raises */
export async function decideCoupons(
  trx: Kysely<DB>,
  asked: { id: number; decision: 'confirm' | 'cancel'; reason: string | null; order: Row },
): Promise<{ answer: 'accepted' | 'replayed'; customer_id: number } | null> {
  const { id, decision, reason, order } = asked;
  return only(
    await sql<{ said: { answer: 'accepted' | 'replayed'; customer_id: number } | null }>`
      select ops.decide_coupon_checkout(
        ${id}::bigint, ${decision}, ${reason}, ${JSON.stringify(order)}::jsonb, clock_timestamp()
      ) as said
    `.execute(trx),
  );
}

/** What is known of a coupon, for shops. */
export async function describeCoupon(trx: Kysely<DB>, id: number): Promise<Row> {
  const row = await coupons(trx).where('coupons.id', '=', id).executeTakeFirstOrThrow();
  return row as unknown as Row;
}

/** What a customer holds and may still use, or will be able to; what ends first comes first. */
export async function couponsHeld(db: Kysely<DB>, customer_id: number): Promise<Row[]> {
  const rows = await coupons(db)
    .where('coupons.customer_id', '=', customer_id)
    .where('coupons.status', 'in', ['issued', 'waiting', 'inactive', 'claimed', 'reserved'])
    .where((row) =>
      row.or([row('coupons.valid_until_at', 'is', null), row('coupons.valid_until_at', '>', sql<string>`now()`)]),
    )
    .orderBy('coupons.valid_until_at', (order) => order.asc().nullsLast())
    .orderBy('coupons.id')
    .limit(500)
    .execute();
  return rows as unknown as Row[];
}

/** The uses of a reservation, with where each stands. */
export async function describeCheckout(trx: Kysely<DB>, id: number): Promise<Row> {
  const uses = await trx
    .selectFrom('app.coupon_uses as uses')
    .innerJoin('base.coupons as coupons', 'coupons.id', 'uses.coupon_id')
    .select(['uses.source', 'uses.external_id', 'uses.status', 'uses.discount_amount', 'uses.reserved_until_at'])
    .select(['uses.order_external_id', 'coupons.number', 'coupons.status as coupon_status', 'coupons.valid_until_at'])
    .where('uses.checkout_id', '=', id)
    .orderBy('uses.place')
    .execute();
  const { source, external_id, status, reserved_until_at, order_external_id } = uses[0]!;
  return {
    ...{ id, source, external_id, status, reserved_until_at, order_external_id },
    coupons: uses.map(({ number, coupon_status, discount_amount, valid_until_at }) => ({
      ...{ coupon: number!, status: coupon_status!, discount_amount, valid_until_at },
    })),
  } as unknown as Row;
}

function coupons(db: Kysely<DB>) {
  return db
    .selectFrom('base.coupons as coupons')
    .innerJoin('app.coupon_templates as templates', 'templates.id', 'coupons.template_id')
    .select([
      'coupons.id',
      'coupons.number as coupon',
      'templates.code as template',
      'templates.name',
      'templates.name_en',
    ])
    .select(['templates.kind', 'coupons.status', 'coupons.code', 'coupons.claim_until_at', 'coupons.activate_until_at'])
    .select(['coupons.valid_from_at', 'coupons.valid_until_at', 'templates.min_spend', 'templates.terms']);
}

function only<T>({ rows }: { rows: readonly { said: T }[] }): T {
  return rows[0]!.said;
}
