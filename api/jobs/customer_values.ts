/**
 * What a year of each customer is expected to bring, and whether they still buy at all. The models are fitted on the programme's
 * own customers, and asked what they would have expected of the last quarter, so that one sees how far they can be trusted.
 */
import { type Kysely, sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { shiftDate } from '../predicate/values.ts';
import type { DB } from '../schema.ts';
import type { CustomerValue, History, ValueModel } from '../statistics/customer-value.ts';
import { openStatisticsThread, type StatisticsThread } from '../statistics/thread.ts';

export const label = ['客户价值与流失预测', 'Customer value and churn'] as const;
export const every = '30 4 * * 1';
export const after = ['refresh_rollups'];

/** Fitted on no more than about so many; scored are all. */
const FITTED_ON = 50_000;
const PAGE = 20_000;
const CHECK_DAYS = 91;
/** Fewer say nothing. */
const FITTED_ON_LEAST = 30;

/** @returns how many customers were valued */
export async function run({ db, as_of_on, stopped, progress }: JobContext): Promise<number> {
  const later = await db
    .selectFrom('app.value_models')
    .select('as_of_on')
    .where('as_of_on', '>', as_of_on)
    .limit(1)
    .executeTakeFirst();
  if (later) return 0;
  const terms = await db
    .selectFrom('app.settings')
    .select(['margin_rate', 'yearly_discount_rate'])
    .executeTakeFirstOrThrow();
  const thread = openStatisticsThread();
  try {
    const today = dayNumber(as_of_on);
    const model = await modelOf(db, thread, as_of_on);
    if (!model) return 0;
    let valued = 0;
    for (let after_customer = 0; !stopped(); ) {
      const histories = await historiesOf(db, { as_of_on, after_customer, limit: PAGE, one_in: 1 });
      if (histories.length === 0) {
        await db.deleteFrom('app.customer_values').where('as_of_on', '<>', as_of_on).execute();
        await keepTotal(db, as_of_on);
        break;
      }
      const values = await thread.compute('customerValues', model, histories, today, {
        margin_rate: Number(terms.margin_rate),
        yearly_discount_rate: Number(terms.yearly_discount_rate),
      });
      await store(db, as_of_on, histories, values);
      valued += values.length;
      after_customer = histories.at(-1)!.customer_id;
      if (histories.length === PAGE) await progress(valued, 0);
    }
    return valued;
  } finally {
    await thread.close();
  }
}

/** The day's model, kept with what one of a quarter ago would have expected since. Null while there are too few customers. */
async function modelOf(db: Kysely<DB>, thread: StatisticsThread, as_of_on: string): Promise<ValueModel | null> {
  const { customers } = await db
    .selectFrom('app.customer_start')
    .select(({ fn }) => fn.countAll<number>().as('customers'))
    .where('first_order_on', '<', as_of_on)
    .executeTakeFirstOrThrow();
  const one_in = Math.max(1, Math.ceil(Number(customers) / FITTED_ON));
  const draw = (day: string) => historiesOf(db, { as_of_on: day, after_customer: 0, limit: 2 * FITTED_ON, one_in });
  const histories = await draw(as_of_on);
  if (histories.length < FITTED_ON_LEAST) return null;
  const model = await thread.compute('fitValueModel', histories, dayNumber(as_of_on));
  const check = await checked(thread, { before: await draw(shiftDate(as_of_on, -CHECK_DAYS)!), histories, as_of_on });
  const values = {
    as_of_on,
    customer_count: customers,
    repeat_count: histories.reduce((sum, { repeats }) => sum + repeats, 0),
    fitted_customers: histories.length,
    ...model.buying,
    p: model.spending?.p ?? null,
    q: model.spending?.q ?? null,
    gamma: model.spending?.gamma ?? null,
    usual_gap_days: model.usual_gap_days?.toFixed(2) ?? null,
    mean_order_value: model.mean_order_value?.toFixed(2) ?? null,
    ...check,
  };
  await db
    .insertInto('app.value_models')
    .values(values)
    .onConflict((conflict) => conflict.column('as_of_on').doUpdateSet({ ...values, computed_at: sql`now()` }))
    .execute();
  return model;
}

/** What all of them are worth together, by which later weeks are compared: their own values are kept no longer than a week. */
async function keepTotal(db: Kysely<DB>, as_of_on: string): Promise<void> {
  await db
    .updateTable('app.value_models')
    .set((of) => ({
      expected_amount: of
        .selectFrom('app.customer_values')
        .select(({ fn }) => fn.sum<string>('expected_amount').as('total')),
    }))
    .where('as_of_on', '=', as_of_on)
    .execute();
}

async function checked(
  thread: StatisticsThread,
  { before, histories, as_of_on }: { before: readonly History[]; histories: readonly History[]; as_of_on: string },
) {
  if (before.length < FITTED_ON_LEAST) return { check_days: null, check_expected: null, check_actual: null };
  const until = dayNumber(as_of_on);
  const from = until - CHECK_DAYS;
  const model = await thread.compute('fitValueModel', before, from);
  const since = new Map(histories.map(({ customer_id, repeats }) => [customer_id, repeats]));
  return {
    check_days: CHECK_DAYS,
    check_expected: (await thread.compute('expectedBetween', model, before, from, until)).toFixed(2),
    check_actual: before.reduce(
      (sum, { customer_id, repeats }) => sum + (since.get(customer_id) ?? repeats) - repeats,
      0,
    ),
  };
}

async function historiesOf(
  db: Kysely<DB>,
  {
    as_of_on,
    after_customer,
    limit,
    one_in,
  }: { as_of_on: string; after_customer: number; limit: number; one_in: number },
): Promise<History[]> {
  const { rows } = await sql<{
    customer_id: number;
    repeats: number;
    first_order_on: string;
    last_order_on: string;
    order_value: string | null;
  }>`
    select customer_id, repeats, first_order_on, last_order_on, order_value
    from ops.purchase_histories(${as_of_on}::date, ${after_customer}::bigint, ${limit}::integer, ${one_in}::integer)
  `.execute(db);
  return rows.map(({ customer_id, repeats, first_order_on, last_order_on, order_value }) => ({
    customer_id: Number(customer_id),
    repeats,
    first_day: dayNumber(first_order_on),
    last_day: dayNumber(last_order_on),
    order_value: order_value === null ? null : Number(order_value),
  }));
}

async function store(
  db: Kysely<DB>,
  as_of_on: string,
  histories: readonly History[],
  values: readonly CustomerValue[],
): Promise<void> {
  const rows = values.map((value, at) => ({
    customer_id: value.customer_id,
    repeats: histories[at]!.repeats,
    last_order_on: dateOf(histories[at]!.last_day),
    usual_gap_days: value.usual_gap_days.toFixed(2),
    alive_rate: value.alive_rate.toFixed(6),
    expected_orders: value.expected_orders.toFixed(4),
    order_value: value.order_value.toFixed(2),
    expected_amount: value.expected_amount.toFixed(2),
  }));
  await sql`select ops.store_customer_values(${as_of_on}::date, ${JSON.stringify(rows)}::jsonb)`.execute(db);
}

function dayNumber(day: string): number {
  return Date.parse(day) / 86_400_000;
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
