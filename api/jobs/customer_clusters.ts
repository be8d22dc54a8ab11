/** Groups of customers who buy alike, found in how recently, how often and for how much they do; nobody says beforehand what a group is. */
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import type { Point } from '../statistics/k-means.ts';
import { openStatisticsThread } from '../statistics/thread.ts';

export const label = ['客户聚类', 'Groups of customers who buy alike'] as const;
export const every = '50 4 * * 1';
export const after = ['rfm_scores', 'customer_values'];

/** Found among no more than about so many; every customer then belongs to the nearest. */
const FITTED_ON = 30_000;
/** Fewer say nothing. */
const FITTED_ON_LEAST = 100;
/** More than a handful of groups nobody remembers. */
const GROUPS: readonly [number, number] = [3, 6];
const MONETARY = 2;

/** @returns how many groups there are */
export async function run({ db, as_of_on }: JobContext): Promise<number> {
  const { scored_on, customers } = await db
    .selectFrom('base.customer_habits')
    .select(({ fn }) => [fn.max('as_of_on').as('scored_on'), fn.countAll<number>().as('customers')])
    .executeTakeFirstOrThrow();
  const later = await db
    .selectFrom('app.cluster_models')
    .select('as_of_on')
    .where('as_of_on', '>', as_of_on)
    .limit(1)
    .executeTakeFirst();
  if (later || scored_on === null || scored_on > as_of_on) return 0;
  const one_in = Math.max(1, Math.ceil(Number(customers) / FITTED_ON));
  const { rows } = await sql<{ recency: number; frequency: number; monetary: number }>`
    select recency, frequency, monetary
    from ops.cluster_points(${one_in}::integer, ${2 * FITTED_ON}::integer)
  `.execute(db);
  if (rows.length < FITTED_ON_LEAST) return 0;
  const habits = rows.map(({ recency, frequency, monetary }): Point => [recency, frequency, monetary]);
  const scales = [0, 1, 2].map((axis) => scaleOf(habits.map((habit) => habit[axis]!)));
  const points = habits.map((habit) =>
    habit.map((value, axis) => (value - scales[axis]!.mean) / scales[axis]!.deviation),
  );
  const thread = openStatisticsThread();
  const found = await thread.compute('bestClusters', points, GROUPS).finally(thread.close);
  if (!found) return 0;
  const centres = [...found.centres].sort((one, other) => other[MONETARY]! - one[MONETARY]!);
  const [recency, frequency, monetary] = scales as [Scale, Scale, Scale];
  const model = {
    customer_count: Number(customers),
    fitted_customers: rows.length,
    explained_rate: found.explained.toFixed(6),
    recency_mean: recency.mean,
    recency_deviation: recency.deviation,
    frequency_mean: frequency.mean,
    frequency_deviation: frequency.deviation,
    monetary_mean: monetary.mean,
    monetary_deviation: monetary.deviation,
  };
  await sql`
    select ops.store_clusters(${as_of_on}::date, ${JSON.stringify(model)}::jsonb, ${JSON.stringify(centres)}::jsonb)
  `.execute(db);
  return centres.length;
}

interface Scale {
  mean: number;
  deviation: number;
}

/** What does not differ is left as it is. */
function scaleOf(values: readonly number[]): Scale {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
}
