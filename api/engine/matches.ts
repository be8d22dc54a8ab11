/** Conditions of earn rules, compiled: whose fact of a round satisfies which. The rest of a rule is data that SQL reads. */
import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely';
import { contextsOf } from '../contexts.ts';
import type { Predicate, PredicateContext, Resource } from '../contract.ts';
import { checkPredicate, PredicateError } from '../predicate.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { EXTRAS, extraValue } from '../records/field-column.ts';
import type { DB } from '../schema.ts';
import { momentOf } from '../segment-rules.ts';

const CONTEXT = 'earn_fact';

/** Of the event that the fact is; null for other facts. */
const ofEvent = (column: string) => sql`(
  select ${sql.ref(column)}
  from app.events
  left join app.products on products.id = events.product_id
  where events.customer_id = fact.customer_id
    and events.id = fact.fact_id
    and events.occurred_on = fact.occurred_on
    and events.kind = fact.fact_kind
)`;

/** The columns of the context over app.engine_turns as `fact` and app.customers as `buyer`. */
const COLUMNS: { [field: string]: RawBuilder<unknown> } = {
  amount: sql`fact.amount`,
  order_channel: sql`fact.channel`,
  first_order: sql`fact.first_order`,
  coupon_used: sql`(fact.coupon_code is not null)`,
  campaign_code: sql`fact.campaign_code`,
  event_channel: ofEvent('events.channel'),
  rating: ofEvent('events.rating'),
  event_product: ofEvent('products.external_id'),
  event_category: ofEvent('products.category'),
  task_code: ofEvent('events.task_code'),
  // To buy by one's own link is no sale.
  sold: sql`exists (
    select
    from app.share_sales
    inner join app.orders
      on orders.customer_id = share_sales.buyer_id
      and orders.id = share_sales.order_id
    where fact.fact_kind = 'share'
      and share_sales.customer_id = fact.customer_id
      and share_sales.event_id = fact.fact_id
      and orders.status in ('paid', 'completed')
  )`,
  // Of 29 February: on the 28th in other years.
  birthday: sql`((
    buyer.birth_on
    + make_interval(years => (extract(year from fact.occurred_on) - extract(year from buyer.birth_on))::integer)
  )::date = fact.occurred_on)`,
  birthday_month: sql`(extract(month from buyer.birth_on) = extract(month from fact.occurred_on))`,
  enrolled_days: sql`(fact.occurred_on - buyer.enrolled_on)`,
  gender: sql`buyer.gender`,
  occupation: sql`buyer.occupation`,
  province: sql`buyer.province`,
  city: sql`buyer.city`,
  channel: sql`buyer.channel`,
  tags: sql`buyer.tags`,
  // As it was before the fact.
  tier: sql`(
    select tiers.code
    from app.tier_states
    inner join app.tiers on tiers.id = tier_states.tier_id
    where tier_states.customer_id = fact.customer_id and tier_states.book_id = fact.book_id
  )`,
};

export interface Conditional {
  rule_version_id: number;
  condition: unknown;
}

/** The versions of rules of a run that have a condition; one that no longer compiles (a field is gone) matches nothing. */
export async function conditionsOf(trx: Kysely<DB>, run: number): Promise<Conditional[]> {
  return trx
    .selectFrom('app.engine_rules')
    .select(['rule_version_id', 'condition'])
    .where('run_id', '=', run)
    .where('condition', 'is not', null)
    .orderBy('rule_version_id')
    .execute();
}

/** Writes app.engine_matches for a round. */
export async function writeMatches(
  trx: Kysely<DB>,
  conditionals: readonly Conditional[],
  {
    run,
    round,
    time_zone,
    resources,
  }: { run: number; round: number; time_zone: string; resources: ReadonlyMap<string, Resource> },
): Promise<void> {
  const context = contextsOf(resources).get(CONTEXT)!;
  const columns = columnsOf(context, resources);
  // "Today" in a rule would be the day of the run, not of the fact; rules ask about the fact's own time.
  const moment = momentOf('1970-01-01', time_zone);
  const parts = conditionals.flatMap(({ rule_version_id, condition }) => {
    try {
      const test = predicateToSql(checkPredicate(condition, context), context, { column: columns, moment });
      return [
        trx
          .selectFrom('app.engine_turns as fact')
          .innerJoin('app.customers as buyer', 'buyer.id', 'fact.customer_id')
          .select([
            'fact.run_id',
            'fact.round',
            'fact.customer_id',
            sql<number>`${rule_version_id}::bigint`.as('rule_version_id'),
          ])
          .where('fact.run_id', '=', run)
          .where('fact.round', '=', round)
          .where(test),
      ];
    } catch (error) {
      if (error instanceof PredicateError) return [];
      throw error;
    }
  });
  const [first, ...others] = parts;
  if (!first) return;
  await trx
    .insertInto('app.engine_matches')
    .columns(['run_id', 'round', 'customer_id', 'rule_version_id'])
    .expression(others.reduce((all, part) => all.unionAll(part), first))
    .execute();
}

/** Whether a customer's fact of a round satisfies each of the conditions, one by one. */
export async function satisfied(
  trx: Kysely<DB>,
  conditions: readonly Predicate[],
  {
    run,
    round,
    customer_id,
    time_zone,
    resources,
  }: { run: number; round: number; customer_id: number; time_zone: string; resources: ReadonlyMap<string, Resource> },
): Promise<boolean[]> {
  if (conditions.length === 0) return [];
  const context = contextsOf(resources).get(CONTEXT)!;
  const column = columnsOf(context, resources);
  const moment = momentOf('1970-01-01', time_zone);
  const tests = conditions.map((condition) => predicateToSql(condition, context, { column, moment, as: 'value' }));
  const row = await trx
    .selectFrom('app.engine_turns as fact')
    .innerJoin('app.customers as buyer', 'buyer.id', 'fact.customer_id')
    .select(sql<boolean[]>`array[${sql.join(tests)}]`.as('met'))
    .where('fact.run_id', '=', run)
    .where('fact.round', '=', round)
    .where('fact.customer_id', '=', customer_id)
    .executeTakeFirstOrThrow();
  return row.met;
}

function columnsOf(context: PredicateContext, resources: ReadonlyMap<string, Resource>) {
  const added = context.custom_of === undefined ? undefined : resources.get(context.custom_of)?.fields;
  return (name: string): Expression<unknown> => {
    const field = added && Object.hasOwn(added, name) ? added[name] : undefined;
    if (field?.custom) return extraValue(name, field, sql.ref(`buyer.${EXTRAS}`));
    const column = COLUMNS[name];
    if (!column) throw new Error(`Earn rules know no "${name}".`);
    return column;
  };
}
