/** What can happen to a customer, made up at random, and how it is told. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { TestDatabase } from '../database.ts';
import type { programme } from './points.ts';

export type Fact =
  | { kind: 'order'; day: number; cents: number; store: boolean }
  | { kind: 'refund'; day: number; of: number; share: number }
  | { kind: 'redeem'; day: number; points: number }
  | { kind: 'cancel'; day: number; of: number }
  | { kind: 'adjust'; day: number; points: number }
  /** What expires within so many days lasts so many days longer than those. */
  | { kind: 'extend'; day: number; within: number; longer: number }
  | { kind: 'event'; day: number; what: 'check_in' | 'review'; rating: number };

const day = fc.integer({ min: 0, max: 70 });
const fact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      day,
      cents: fc.integer({ min: 1, max: 30_000 }),
      store: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      day,
      of: fc.nat(20),
      share: fc.constantFrom(0.1, 0.3, 0.5, 1, 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('redeem' as const), day, points: fc.integer({ min: 1, max: 250 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), day, of: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      day,
      what: fc.constantFrom('check_in' as const, 'review' as const),
      rating: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('adjust' as const),
      day,
      points: fc.integer({ min: -100, max: 100 }).filter((n) => n !== 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('extend' as const),
      day,
      within: fc.integer({ min: -10, max: 60 }),
      longer: fc.integer({ min: 1, max: 60 }),
    }),
  },
);
export const story = fc.record({
  facts: fc
    .array(fact, { minLength: 1, maxLength: 14 })
    // What staff did is told by when they did it, and they do one thing at a time.
    .filter((facts) => {
      const done = facts
        .filter(({ kind }) => kind === 'adjust' || kind === 'extend')
        .map((each) => each.kind + each.day);
      return new Set(done).size === done.length;
    }),
  /** The order of telling, after how many the engine runs, and which midnights pass between. */
  keys: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 14, maxLength: 14 }),
  runs: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 14 }),
  midnights: fc.array(fc.option(fc.integer({ min: 0, max: 120 }), { freq: 3 }), { minLength: 14, maxLength: 14 }),
});

export const date = (after: number) => new Date(Date.UTC(2026, 0, 1 + after)).toISOString().slice(0, 10);
const dayOf = (facts: readonly Fact[], at: number) => facts[at]!.day;
export const inTime = (facts: readonly Fact[]) =>
  facts.map((_, at) => at).sort((a, b) => dayOf(facts, a) - dayOf(facts, b) || a - b);
export const shuffled = (facts: readonly Fact[], keys: readonly number[]) =>
  facts.map((_, at) => at).sort((a, b) => keys[a]! - keys[b]! || a - b);

/** One customer to whom the facts can be told, each by its place. What a fact needs (the order of a refund) is told with it. */
export async function tell(
  t: TestDatabase,
  p: Awaited<ReturnType<typeof programme>>,
  facts: readonly Fact[],
  mark: string,
  /** Which of them are told of another customer, who turns out to be the same. */
  apart: readonly boolean[] = [false],
) {
  const customer = await p.customer();
  const other = apart.some(Boolean) ? await p.customer() : customer;
  let one = false;
  const whose = (at: number) => (!one && apart[at % apart.length] ? other : customer);
  const made = new Map<number, { id: number; external_id: string; customer: number }>();
  const places = (kind: Fact['kind']) => facts.flatMap((each, at) => (each.kind === kind ? [at] : []));
  const name = (at: number) => `${String(at).padStart(2, '0')}-${mark}-${customer}`;
  const cancelled = new Set<number>();
  const refunded = new Map<number, number>();
  // What is left of an order follows from the facts alone, not from when they are told.
  const cents = new Map<number, number>();
  for (const [at, each] of facts.entries()) {
    const of = each.kind === 'refund' ? places('order')[each.of % Math.max(places('order').length, 1)] : undefined;
    if (of === undefined || each.kind !== 'refund') continue;
    const total = (facts[of] as { cents: number }).cents;
    const left = total - (refunded.get(of) ?? 0);
    const amount = Math.min(left, Math.max(1, Math.round(total * each.share)));
    if (amount <= 0) continue;
    refunded.set(of, (refunded.get(of) ?? 0) + amount);
    cents.set(at, amount);
  }
  const say = async (at: number): Promise<void> => {
    if (made.has(at)) return;
    const each = facts[at]!;
    const when = date(each.day);
    const at_time = `${when} 12:00+08`;
    if (each.kind === 'order') {
      made.set(
        at,
        await p.order(whose(at), {
          at: when,
          amount: (each.cents / 100).toFixed(2),
          channel: each.store ? 'store' : 'online',
          external_id: name(at),
        }),
      );
    } else if (each.kind === 'refund') {
      const of = places('order')[each.of % Math.max(places('order').length, 1)];
      if (of === undefined || !cents.has(at)) return;
      await say(of);
      made.set(at, made.get(of)!);
      await p.refund(made.get(of)!, { at: when, amount: (cents.get(at)! / 100).toFixed(2), external_id: name(at) });
    } else if (each.kind === 'redeem') {
      made.set(at, await p.redeem(whose(at), { at: when, points: each.points, external_id: name(at) }));
    } else if (each.kind === 'event') {
      const { what, rating } = each;
      made.set(
        at,
        await p.event(whose(at), {
          at: when,
          kind: what,
          external_id: name(at),
          ...(what === 'review' ? { rating } : {}),
        }),
      );
    } else if (each.kind === 'adjust') {
      const { id } = await t.db
        .insertInto('app.points_adjustments')
        .values({ customer_id: whose(at), points: each.points, reason: 'test', adjusted_at: at_time })
        .returning('id')
        .executeTakeFirstOrThrow();
      made.set(at, { id, external_id: '', customer });
    } else if (each.kind === 'extend') {
      const { id } = await t.db
        .insertInto('app.points_extensions')
        .values({
          customer_id: whose(at),
          expiring_until_on: date(each.day + each.within),
          until_on: date(each.day + each.within + each.longer),
          points: 1,
          reason: 'test',
          state: 'applied',
          decided_at: at_time,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      made.set(at, { id, external_id: '', customer });
    } else {
      const of = places('redeem')[each.of % Math.max(places('redeem').length, 1)];
      if (of === undefined || cancelled.has(of) || (facts[of] as { day: number }).day > each.day) return;
      const first = facts.findIndex(
        (other, place) =>
          other.kind === 'cancel' &&
          other.day >= facts[of]!.day &&
          places('redeem')[other.of % places('redeem').length] === of &&
          place <= at,
      );
      if (first !== at) return;
      cancelled.add(of);
      await say(of);
      await p.cancel(made.get(of)!, when);
    }
  };
  const undoAll = async () => {
    for (const [at, each] of facts.entries()) {
      if (each.kind === 'order') {
        const left = each.cents - (refunded.get(at) ?? 0);
        if (left > 0) await p.refund(made.get(at)!, { at: '2026-06-30', amount: (left / 100).toFixed(2) });
      }
      if (each.kind === 'redeem' && !cancelled.has(at)) await p.cancel(made.get(at)!, '2026-06-30');
    }
  };
  /** They are one from now on. */
  const merge = async () => {
    await sql`select ops.merge_customers(${customer}, ${other}, null, 'test')`.execute(t.db);
    one = true;
    for (const placed of made.values()) placed.customer = customer;
  };
  return { customer, other, say, merge, undoAll };
}

/** What a customer's books come to, without what differs between two customers. */
export async function books(t: TestDatabase, customer: number) {
  const lots = await t.db
    .selectFrom('app.points_lots')
    .selectAll()
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .orderBy('earned_at')
    .orderBy('origin_kind')
    .orderBy('rule_id')
    .orderBy(sql`origin_key collate "C"`)
    .execute();
  const allocations = await sql<{
    redemption_id: string;
    state: string;
    points: number;
    origin: string | null;
    rule_id: number;
  }>`
    select
      case when points_allocations.redemption_id > 0 then 'redeem' else 'adjust' end as redemption_id,
      points_allocations.state,
      points_allocations.points,
      points_allocations.rule_id,
      coalesce(lots.earned_at::text, points_allocations.origin_kind) as origin
    from app.points_allocations
    left join app.points_lots as lots
      using (book_id, customer_id, origin_kind, origin_id, rule_id)
    where points_allocations.book_id = 0 and points_allocations.customer_id = ${customer}
    order by 1, 2, 5, 4, 3
  `.execute(t.db);
  const account = await t.db
    .selectFrom('app.points_accounts')
    .select([
      'pending',
      'available',
      'reserved',
      'spent',
      'expired',
      'reversed',
      'debt',
      'written_off',
      'growth',
      'due_at',
    ])
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .executeTakeFirst();
  const tier = await t.db
    .selectFrom('app.tier_states')
    .select(['tier_id', 'entered_at', 'valid_until_at', 'grace_until_at', 'reviewed_at', 'due_at'])
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .executeTakeFirst();
  const stays = await t.db
    .selectFrom('app.tier_stays')
    .select(['tier_id', 'entered_at', 'left_at', 'reason', 'fact_kind'])
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .orderBy('entered_at')
    .orderBy('id')
    .execute();
  return {
    account,
    tier,
    stays,
    lots: lots.map(({ id: _id, customer_id: _customer, origin_id: _origin, origin_key: _key, ...lot }) => lot),
    allocations: allocations.rows,
  };
}

export async function entries(t: TestDatabase, customer: number): Promise<number> {
  const { count } = await t.db
    .selectFrom('app.points_entries')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('customer_id', '=', customer)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The movements of every lot come to what the lot says, every redemption is paid for whole, nothing of other books is left. */
export async function addsUp(t: TestDatabase, customer: number): Promise<void> {
  const wrong = await sql`
    with moved as (
      select origin_kind, origin_id, rule_id, state, sum(points) as points
      from (
        select origin_kind, origin_id, rule_id, to_state as state, points from app.points_entries where book_id = 0 and customer_id = ${customer}
        union all
        select origin_kind, origin_id, rule_id, from_state, -points from app.points_entries where book_id = 0 and customer_id = ${customer}
      ) as movements
      -- An extension moves the day of points, not the points.
      where origin_kind not in ('debt', 'write_off') and state not in ('expiring', 'extended')
      group by origin_kind, origin_id, rule_id, state
    ),
    held as (
      select origin_kind, origin_id, rule_id, states.state, states.points
      from app.points_lots
      cross join lateral (
        values ('issued', -issued), ('pending', pending), ('available', available), ('reserved', reserved), ('spent', spent), ('expired', expired), ('reversed', reversed)
      ) as states (state, points)
      where book_id = 0 and customer_id = ${customer}
    )
    select * from moved full join held using (origin_kind, origin_id, rule_id, state)
    where coalesce(moved.points, 0) <> coalesce(held.points, 0)
    union all
    select 'account', 0, 0, '', points_accounts.available, sums.available
    from app.points_accounts
    cross join (
      select
        array[
          coalesce(sum(pending) filter (where account = 'points'), 0), coalesce(sum(reserved), 0), coalesce(sum(spent), 0), coalesce(sum(expired), 0),
          coalesce(sum(reversed) filter (where account = 'points'), 0), coalesce(sum(available) filter (where account = 'growth'), 0)
        ] as others,
        coalesce(sum(available) filter (where account = 'points'), 0) as available
      from app.points_lots where book_id = 0 and customer_id = ${customer}
    ) as sums
    where points_accounts.book_id = 0 and points_accounts.customer_id = ${customer}
      and (points_accounts.available <> sums.available
        or array[points_accounts.pending, reserved, spent, expired, reversed, growth]::numeric[] <> sums.others)
    union all
    select 'unpaid', id, 0, status, points, (select sum(points) from app.points_allocations where book_id = 0 and points_allocations.customer_id = ${customer} and redemption_id = redemptions.id)
    from app.redemptions
    where customer_id = ${customer} and status = 'confirmed'
      and points is distinct from (select sum(points) from app.points_allocations where book_id = 0 and points_allocations.customer_id = ${customer} and redemption_id = redemptions.id)
    union all
    select 'left', 0, 0, '', 0, 0 from app.points_lots where book_id <> 0 and customer_id = ${customer}
  `.execute(t.db);
  expect(wrong.rows).toEqual([]);
}
