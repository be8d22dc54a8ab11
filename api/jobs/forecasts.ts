/**
 * What the next four weeks bring: orders and sales by the day, as their own weeks and trend say. Models of four, eight and twelve
 * weeks ago are asked what they would have said since, so that one sees how far these can be trusted.
 */
import { type Kysely, sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { shiftDate } from '../predicate/values.ts';
import type { DB } from '../schema.ts';
import { forecast, meanError, repeatSeason } from '../statistics/holt-winters.ts';
import { openStatisticsThread, type StatisticsThread } from '../statistics/thread.ts';

export const label = ['销售预测', 'Forecast of orders and sales'] as const;
export const every = '10 5 * * *';
export const after = ['refresh_rollups'];

const WEEK = 7;
const AHEAD = 28;
/** Fitted on the last two years, and on no less than eight weeks. */
const DAYS_MOST = 731;
const DAYS_LEAST = 56;
const CHECKS = 3;
/** Forecasts are kept for a year, to be held against what came. */
const KEPT_DAYS = 400;
const MEASURES = ['orders', 'revenue_gross'] as const;

interface SalesHistory {
  days: { orders: number; revenue_gross: number }[];
  /** The first day that is to be forecast. */
  until_on: string;
}

/** @returns how many days were forecast */
export async function run(context: JobContext): Promise<number> {
  const history = await historyOf(context.db, context.as_of_on);
  if (!history) return 0;
  const thread = openStatisticsThread();
  return forecastAll(context, thread, history).finally(thread.close);
}

async function forecastAll(
  { db, as_of_on, stopped }: JobContext,
  thread: StatisticsThread,
  history: SalesHistory,
): Promise<number> {
  let written = 0;
  for (const measure of MEASURES) {
    if (stopped()) break;
    const values = history.days.map((day) => day[measure]);
    const model = await thread.compute('fitSeasonal', values, WEEK);
    const days = forecast(model, AHEAD).map((each, at) => ({
      measure,
      as_of_on,
      day: shiftDate(history.until_on, at)!,
      // Neither orders nor sales are ever fewer than none.
      expected: Math.max(each.expected, 0).toFixed(2),
      low: Math.max(each.low, 0).toFixed(2),
      high: Math.max(each.high, 0).toFixed(2),
    }));
    const kept = {
      measure,
      as_of_on,
      alpha: model.alpha,
      beta: model.beta,
      gamma: model.gamma,
      phi: model.phi,
      deviation: model.deviation,
      fitted_days: values.length,
      ...(await checked(thread, values)),
    };
    await db.transaction().execute(async (trx) => {
      await trx
        .deleteFrom('app.forecast_models')
        .where('measure', '=', measure)
        .where('as_of_on', '=', as_of_on)
        .execute();
      await trx.insertInto('app.forecast_models').values(kept).execute();
      await trx.insertInto('app.forecast_days').values(days).execute();
    });
    written += days.length;
  }
  await db.deleteFrom('app.forecast_models').where('as_of_on', '<', shiftDate(as_of_on, -KEPT_DAYS)!).execute();
  return written;
}

/** Models fitted on what was known some weeks before, beside what came in the four weeks after. */
async function checked(thread: StatisticsThread, values: readonly number[]) {
  const actual: number[] = [];
  const expected: number[] = [];
  const naive: number[] = [];
  let inside = 0;
  for (let check = 1; check <= CHECKS; check++) {
    const until = values.length - check * AHEAD;
    if (until < DAYS_LEAST) break;
    const known = values.slice(0, until);
    const came = values.slice(until, until + AHEAD);
    const said = forecast(await thread.compute('fitSeasonal', known, WEEK), AHEAD);
    actual.push(...came);
    expected.push(...said.map((day) => Math.max(day.expected, 0)));
    naive.push(...repeatSeason(known, WEEK, AHEAD));
    inside += came.filter((value, at) => value >= said[at]!.low && value <= said[at]!.high).length;
  }
  const rate = (value: number | null) => (value === null ? null : Math.min(value, 999).toFixed(6));
  return {
    checked_days: actual.length,
    error_rate: rate(meanError(actual, expected)),
    naive_error_rate: rate(meanError(actual, naive)),
    inside_rate: actual.length === 0 ? null : (inside / actual.length).toFixed(6),
  };
}

/** Every day up to the last one with facts, those without an order as none. Null while there are too few. */
async function historyOf(db: Kysely<DB>, as_of_on: string): Promise<SalesHistory | null> {
  const found = await db
    .selectFrom('report.order_days')
    .select(({ fn }) => [
      'day',
      fn.sum<string>('order_count').as('orders'),
      fn.sum<string>('gross_amount').as('revenue_gross'),
    ])
    .where('day', '<', as_of_on)
    .where('day', '>=', shiftDate(as_of_on, -DAYS_MOST)!)
    .groupBy('day')
    .having(sql<boolean>`sum(order_count) > 0`)
    .orderBy('day')
    .execute();
  const [first, last] = [found[0]?.day, found.at(-1)?.day];
  if (!first || !last) return null;
  const known = new Map(found.map(({ day, orders, revenue_gross }) => [day, { orders, revenue_gross }]));
  const days: SalesHistory['days'] = [];
  for (let day = first; day <= last; day = shiftDate(day, 1)!) {
    const { orders, revenue_gross } = known.get(day) ?? { orders: 0, revenue_gross: 0 };
    days.push({ orders: Number(orders), revenue_gross: Number(revenue_gross) });
  }
  return days.length < DAYS_LEAST ? null : { days, until_on: shiftDate(last, 1)! };
}
