/**
 * What an automation's further condition would have said on days that are over: everybody whom a day would have brought is asked
 * about by the facts of that day, in one statement whatever the number of days.
 */
import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { Json, Pair, Predicate } from '../contract.ts';
import { predicateFields } from '../predicate/fields.ts';
import { shiftDate } from '../predicate/values.ts';
import type { DB } from '../schema.ts';
import { FACTS, factsCondition, momentOf, SEGMENT_CONTEXT, type SegmentFacts } from '../segment-rules.ts';
import { thisWork } from './automations.ts';

/** What ops.segment_facts works out for the day itself; of everything else only the present is known. */
const OF_THE_DAY = [
  ...[
    'recency_days',
    'order_count',
    'gross_amount',
    'returned_amount',
    'net_amount',
    'mean_gross_amount',
    'mean_net_amount',
  ],
  ...['average_order_amount', 'first_order_on', 'last_order_on', 'first_order_days', 'enrolled_on', 'enrolled_days'],
  ...['recency_score', 'frequency_score', 'monetary_score', 'rfm_group', 'age', 'birth_month'],
];

/** What the condition asks that has no history: as people call it. */
export function askedOfNow({ resources }: Pick<Deps, 'resources'>, condition: Predicate): Pair[] {
  const context = contextsOf(resources).get(SEGMENT_CONTEXT)!;
  return [...predicateFields(condition)]
    .filter((name) => !OF_THE_DAY.includes(name))
    .map((name) => context.fields[name]?.label ?? [name, name]);
}

/**
 * Lays out whom each day would have brought in app.automation_entrants, under the number of the transaction, and says of each
 * whether the condition held then. @throws PredicateError where it does not fit
 */
export async function writeChances(
  trx: Kysely<DB>,
  { resources }: Pick<Deps, 'resources'>,
  asked: { settings: string; condition: Json; as_of_on: string; months: number; time_zone: string },
): Promise<void> {
  const { settings, condition, as_of_on, months, time_zone } = asked;
  await trx
    .insertInto('app.automation_entrants')
    .columns(['work_id', 'customer_id', 'trigger_key'])
    .expression((eb) =>
      eb
        .selectFrom(
          sql<{
            customer_id: number;
            on_day: string;
          }>`ops.automation_chances(${settings}::jsonb, ${as_of_on}::date, ${months}::integer)`.as<'chances'>(
            sql.id('chances'),
          ),
        )
        .select([thisWork.as('work_id'), 'chances.customer_id', sql<string>`chances.on_day::text`.as('trigger_key')]),
    )
    .execute();
  const days = await trx
    .selectFrom('app.automation_entrants')
    .select('trigger_key')
    .distinct()
    .where('work_id', '=', thisWork)
    .orderBy('trigger_key')
    .execute();
  if (days.length === 0) return;

  // As when somebody enters: what happened on the day itself counts, so that an order which brings them is one of theirs.
  const test = (day: string) =>
    factsCondition(condition, { resources, moment: momentOf(shiftDate(day, 1)!, time_zone) });
  const [first, ...rest] = days.map(({ trigger_key }) => trigger_key);
  const eb = expressionBuilder<DB, never>();
  let held = eb.case(sql.ref<string>('days.trigger_key')).when(first!).then(test(first!));
  for (const day of rest) held = held.when(day).then(test(day));
  await trx
    .with('held', (db) =>
      db
        .selectFrom((inner) =>
          inner
            .selectFrom('app.automation_entrants')
            .select(['trigger_key', sql<number[]>`array_agg(customer_id)`.as('customers')])
            .where('work_id', '=', thisWork)
            .groupBy('trigger_key')
            .as('days'),
        )
        .crossJoinLateral(
          sql<SegmentFacts>`ops.segment_facts(days.trigger_key::date + 1, days.customers)`.as<typeof FACTS>(
            sql.id(FACTS),
          ),
        )
        .select(['days.trigger_key', `${FACTS}.customer_id`])
        .where(held.end() as Expression<SqlBool>),
    )
    .updateTable('app.automation_entrants')
    .set({ matches: false })
    .where('work_id', '=', thisWork)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('held')
            .select('held.customer_id')
            .whereRef('held.customer_id', '=', 'app.automation_entrants.customer_id')
            .whereRef('held.trigger_key', '=', 'app.automation_entrants.trigger_key'),
        ),
      ),
    )
    .execute();
}
