/** What moved in a month and by what: the factors of net sales, the parts of sums and ratios. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import type { MetricDefinition, MetricSource } from '../contract-reports.ts';
import type { Contributions, NetSalesDrivers, RatioSplit } from '../contract-written.ts';
import type { DB } from '../schema.ts';
import { courseParts, factsOf } from './metric-course.ts';
import type { Metrics } from './metrics.ts';
import { type NamedRow, namedRows, textOf } from './named-rows.ts';
import { ask } from './sandboxed.ts';

/** Parts named; beyond it they are too small to read. */
const PARTS_MAX = 12;

interface Asked {
  time_zone: string;
  /** First day of the month. */
  month_on: string;
}

/** What net sales are the product of, and what buyers who are not known bring beside it. */
const FACTORS = {
  buyers: { label: ['下单客户数', 'Buyers'], unit: 'count' },
  frequency: { label: ['人均订单数', 'Orders per buyer'], unit: 'number' },
  order_value: { label: ['客单价', 'Order value'], unit: 'money' },
  unknown: { label: ['未识别客户', 'Unknown buyers'], unit: 'money' },
} as const satisfies { [name in Factor['name']]: Pick<Factor, 'label' | 'unit'> };
type Factor = NonNullable<NetSalesDrivers['factors']>[number];

/** @returns null where the month or the one before has no orders */
export async function netSalesDrivers(deps: Deps, { month_on, time_zone }: Asked): Promise<NetSalesDrivers | null> {
  const query = deps.db.selectFrom('report.net_sales_drivers').selectAll().where('month_on', '=', month_on);
  const [row] = namedRows(await ask(deps, query, time_zone));
  if (!row || row.previous_net_amount === null) return null;
  const factor = (name: keyof typeof FACTORS, column: string | null) => ({
    ...{
      name,
      ...FACTORS[name],
      before: column && textOf(row[`previous_${column}`]),
      after: column && textOf(row[column]),
    },
    effect: String(row[`${name}_effect`]),
  });
  return {
    ...{ net: String(row.net_amount), previous_net: String(row.previous_net_amount), change: String(row.net_change) },
    factors:
      row.buyers_effect === null
        ? null
        : [
            factor('buyers', 'buyer_count'),
            factor('frequency', 'orders_per_buyer'),
            factor('order_value', 'net_per_order'),
            factor('unknown', null),
          ],
  };
}

export interface Split {
  metric: MetricDefinition;
  by: string;
}

export async function contributions(
  deps: Deps,
  { metric, by }: Split,
  { month_on, time_zone, dimensions }: Asked & Pick<Metrics, 'dimensions'>,
): Promise<Contributions> {
  const sums = byPart(deps.db, metric.source!, { by, month_on });
  const query = deps.db
    .selectFrom(sums.as('sums'))
    .selectAll()
    .select(sql<string>`sums.after - sums.before`.as('difference'))
    .orderBy(sql`abs(sums.after - sums.before)`, 'desc')
    .orderBy('sums.part')
    .limit(PARTS_MAX);
  const rows = namedRows(await ask(deps, query, time_zone));
  return {
    ...{ metric: metric.code, label: metric.label, unit: metric.unit, by: dimensionLabel(dimensions, by) },
    parts: rows.map((row) => ({
      ...partOf(row, by, dimensions),
      ...{ before: String(row.before), after: String(row.after), difference: String(row.difference) },
    })),
  };
}

/** @param asked.month_on the month whose ratio is known whole. @returns null where it or the month before is not */
export async function ratioSplit(
  deps: Deps,
  { metric, by }: Split,
  { month_on, time_zone, dimensions, metrics: registry }: Asked & Pick<Metrics, 'dimensions' | 'metrics'>,
): Promise<RatioSplit | null> {
  const parts = courseParts(metric, registry);
  if (!parts?.den) return null;
  const joined = deps.db
    .selectFrom(byPart(deps.db, parts.num, { by, month_on }).as('num'))
    .fullJoin(byPart(deps.db, parts.den, { by, month_on }).as('den'), 'den.part', 'num.part')
    .select(
      sql`jsonb_agg(jsonb_build_object(
        'part', coalesce(num.part, den.part), 'before_num', num.before, 'before_den', den.before,
        'after_num', num.after, 'after_den', den.after
      ))`.as('parts'),
    );
  const query = deps.db.selectFrom(sql<object>`report.mix_effects(${joined})`.as('effects')).selectAll('effects');
  const [whole, ...rows] = namedRows(await ask(deps, query, time_zone));
  if (!whole || whole.part !== null || whole.rate_effect === null) return null;
  const effectOf = (row: NamedRow) => ({
    ...{ before: String(row.before_rate), after: String(row.after_rate) },
    ...{ rate_effect: String(row.rate_effect), mix_effect: String(row.mix_effect) },
  });
  return {
    ...{ metric: metric.code, label: metric.label, unit: metric.unit, by: dimensionLabel(dimensions, by) },
    ...{ step_on: month_on, ...effectOf(whole), against: whole.against === true },
    parts: rows.map((row) => ({
      ...{ ...partOf(row, by, dimensions), ...effectOf(row) },
      ...{ before_share: String(row.before_share), after_share: String(row.after_share) },
    })),
  };
}

/** One row per part: the month before, and the month. */
function byPart(db: Kysely<DB>, source: MetricSource, { by, month_on }: { by: string; month_on: string }) {
  const time = sql.ref<string>(`source.${source.time}`);
  const amount = sql.ref(`source.${source.value}`);
  return factsOf(db, source)
    .select([
      sql<string>`coalesce(${sql.ref(`source.${by}`)}::text, '')`.as('part'),
      sql<string>`coalesce(sum(${amount}) filter (where ${time} < ${month_on}::date), 0)`.as('before'),
      sql<string>`coalesce(sum(${amount}) filter (where ${time} >= ${month_on}::date), 0)`.as('after'),
    ])
    .where(time, '>=', sql<string>`(${month_on}::date - interval '1 month')::date`)
    .where(time, '<', sql<string>`(${month_on}::date + interval '1 month')::date`)
    .groupBy(sql`1`);
}

function dimensionLabel(dimensions: Metrics['dimensions'], by: string): Pair {
  return dimensions.get(by)?.label ?? [by, by];
}

function partOf(row: NamedRow, by: string, dimensions: Metrics['dimensions']): { part: string; label: Pair } {
  const part = String(row.part);
  return { part, label: dimensions.get(by)?.labels?.[part] ?? (part === '' ? ['未填', 'None'] : [part, part]) };
}
