/** What the days after a month are expected to bring, beside what is asked of them. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { FigureForecast, Standing } from '../contract-written.ts';
import { shiftDate } from '../predicate/values.ts';
import type { Metrics } from './metrics.ts';
import { namedRows, textOf } from './named-rows.ts';
import { ask } from './sandboxed.ts';

/** A forecast that was made later looks back itself. */
const LATEST_DAYS = 35;

/** @returns the last forecast of each figure that was made at the end of the month or soon after it */
export async function figureForecasts(
  deps: Deps,
  { last_on, time_zone, metrics }: { last_on: string; time_zone: string } & Pick<Metrics, 'metrics'>,
): Promise<FigureForecast[]> {
  const query = deps.db
    .selectFrom('report.forecast_windows as windows')
    .distinctOn('windows.measure')
    .selectAll()
    .select(
      sql<string | null>`report.target_status(windows.expected, windows.low, windows.high, windows.target, 'up', 0)`.as(
        'status',
      ),
    )
    .where('windows.as_of_on', '>', last_on)
    .where('windows.as_of_on', '<=', shiftDate(last_on, LATEST_DAYS)!)
    .orderBy('windows.measure')
    .orderBy('windows.as_of_on', 'desc');
  return namedRows(await ask(deps, query, time_zone)).flatMap((row) => {
    const metric = metrics.get(String(row.measure));
    if (!metric) return [];
    return [
      {
        ...{ measure: metric.code, label: metric.label, unit: metric.unit, as_of_on: String(row.as_of_on) },
        ...{ starts_on: String(row.starts_on), ends_on: String(row.ends_on), expected: String(row.expected) },
        ...{ low: String(row.low), high: String(row.high), before_value: textOf(row.before_value) },
        ...{ target: textOf(row.target), status: row.status as Standing | null },
      },
    ];
  });
}
