/** Each job for the next day, and the refresh of single days, beside one plain aggregate over a row per customer. */
import { type Kysely, sql } from 'kysely';
import { loadJobs, runJob } from '../../api/jobs.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import type { DB } from '../../api/schema.ts';
import { percentile } from './load.ts';
import { timed, withDeps } from './measure-database.ts';
import type { Setting } from './setting.ts';

/** Orders that come in for a day before its refresh is measured. */
export const ORDERS = 500;
const FLOOR_RUNS = 5;

export interface JobFigure {
  name: string;
  seconds: number;
  rows: number;
  /** How many times as long as one sum over app.customer_totals just before. */
  ratio: number;
}

/** Every job once, for the day after the last one that was computed; then days that have new orders, one by one. */
export function measureJobs(setting: Setting): Promise<JobFigure[]> {
  return withDeps(setting, async (deps) => {
    const { day } = await deps.db
      .selectFrom('app.segment_snapshots')
      .select(sql<string>`coalesce(max(as_of_on), current_date) + 1`.as('day'))
      .executeTakeFirstOrThrow();
    const figures: JobFigure[] = [];
    const measure = async (job: string, name: string) => {
      const floor = await floorOf(deps.db);
      const { state, error, rows_written, took_ms } = await runJob(deps, job, day);
      if (state !== 'done') throw new Error(`${job}: ${error}`);
      figures.push({ name, seconds: took_ms / 1000, rows: rows_written, ratio: took_ms / floor });
    };
    for (const name of inOrder(await loadJobs())) await measure(name, `${name}, one day`);
    for (const back of [1, 100]) {
      await orderOn(deps.db, shiftDate(day, -back)!);
      await measure(
        'refresh_rollups',
        `refresh_rollups, ${ORDERS} orders of ${back === 1 ? 'yesterday' : `${back} days ago`}`,
      );
    }
    return figures;
  });
}

/** Milliseconds of reading every customer's sums once. */
async function floorOf(db: Kysely<DB>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < FLOOR_RUNS; run++) {
    times.push(
      await timed(() =>
        db
          .selectFrom('app.customer_totals')
          .select(({ fn }) => [fn.countAll().as('customers'), fn.sum('gross_amount').as('amount')])
          .executeTakeFirstOrThrow(),
      ),
    );
  }
  return percentile(times, 0.5);
}

/** Orders of customers spread over the whole table; the next run of the bench removes them. Each round has others. */
export async function orderOn(db: Kysely<DB>, day: string, round = ''): Promise<void> {
  await db
    .insertInto('app.orders')
    .columns(['customer_id', 'source', 'external_id', 'placed_at', 'placed_on', 'amount'])
    .expression((eb) =>
      eb
        .selectFrom(
          eb
            .selectFrom('app.customers')
            .select('id')
            .where('id', '<>', 0)
            .orderBy(sql`hashint8extended(id, 7)`)
            .limit(ORDERS)
            .as('buyers'),
        )
        .select([
          'buyers.id',
          sql<string>`'bench'`.as('source'),
          sql<string>`'bench-' || ${day}::text || ${round}::text || '-' || buyers.id`.as('external_id'),
          sql<string>`${day}::date + time '12:00'`.as('placed_at'),
          sql<string>`${day}::date`.as('placed_on'),
          sql<string>`50`.as('amount'),
        ]),
    )
    .execute();
  await sql`select ops.mark_dirty('orders', array[${day}]::date[])`.execute(db);
}

/** Jobs behind those they name in `after`. */
function inOrder(jobs: Awaited<ReturnType<typeof loadJobs>>): string[] {
  const placed: string[] = [];
  const place = (name: string) => {
    if (placed.includes(name)) return;
    for (const before of jobs.get(name)?.after ?? []) place(before);
    placed.push(name);
  };
  for (const name of jobs.keys()) place(name);
  return placed;
}
