/**
 * Reports that are not run for everybody who opens them (`run:` in their head): what one reader was given the next is given too,
 * until it is too old. Reports hold nothing that depends on who reads them, so readers share. Kept in the database: for all processes,
 * and over a restart. Changing the text of a report forgets what it gave; so does the end of a job that runs once a day or less,
 * for it may have written what the report reads (those of the night are of the night, and stay).
 */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { ReportResult } from '../contract-reports.ts';
import { isDaily, loadJobs } from '../jobs.ts';
import { readMoment } from '../programme.ts';
import type { CompiledReport } from './compile.ts';
import { resolveParams } from './params.ts';
import { type RunRequest, runReport } from './run.ts';

/** Larger ones are run each time. */
const BYTES_MAX = 1_000_000;
/** Being looked for or run now, by database and key: who asks meanwhile waits for it. */
const under_way = new WeakMap<object, Map<string, Promise<ReportResult>>>();

/** @throws as runReport does */
export async function runOrKept(deps: Deps, report: CompiledReport, request: RunRequest): Promise<ReportResult> {
  const { run } = report.definition;
  const key = run && (await keyOf(deps, report, request));
  if (!run || !key) return runReport(deps, report, request);
  return once(deps, key, async () => (await kept(deps, key, run)) ?? runAndKeep(deps, report, { request, key }));
}

/** Runs it whatever is kept, as the night does. @throws as runReport does */
export async function runAgain(deps: Deps, report: CompiledReport, request: RunRequest): Promise<ReportResult> {
  const key = await keyOf(deps, report, request);
  return key ? once(deps, key, () => runAndKeep(deps, report, { request, key })) : runReport(deps, report, request);
}

/** @returns null for values that the report does not take; running it says which */
async function keyOf({ db }: Deps, report: CompiledReport, { query, lang }: RunRequest): Promise<string | null> {
  const { today } = await readMoment(db, null);
  const { bound, ranges, wrong } = resolveParams(report.definition.params, query, { today, lang });
  return wrong
    ? null
    : createHash('sha256')
        .update(`${report.hash} ${JSON.stringify([bound, ranges])}`)
        .digest('hex');
}

async function kept(
  { db }: Deps,
  key: string,
  run: NonNullable<CompiledReport['definition']['run']>,
): Promise<ReportResult | undefined> {
  const cached = run.mode === 'cached';
  const since = cached
    ? sql<string>`now() - make_interval(secs => ${run.ttl_s})`
    : sql<string>`(select programme.today_on::timestamp at time zone programme.time_zone from base.programme)`;
  const daily = cached ? [...(await loadJobs()).values()].filter(isDaily).map(({ name }) => name) : [];
  const row = await db
    .selectFrom('app.report_results')
    .select('result')
    .where('key', '=', key)
    .where('ran_at', '>=', since)
    // Another release may mean something else by the same columns.
    .where('ran_at', '>', (each) => each.selectFrom('app.rebuilds').select(({ fn }) => fn.max('rebuilt_at').as('at')))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('app.job_runs')
            .select('app.job_runs.id')
            .whereRef('app.job_runs.finished_at', '>=', 'app.report_results.ran_at')
            .where('app.job_runs.state', '=', 'done')
            .where('app.job_runs.job', '=', sql<string>`any(${daily}::text[])`),
        ),
      ),
    )
    .executeTakeFirst();
  return row?.result as ReportResult | undefined;
}

function once({ db }: Deps, key: string, work: () => Promise<ReportResult>): Promise<ReportResult> {
  const here = under_way.get(db) ?? new Map<string, Promise<ReportResult>>();
  under_way.set(db, here);
  const before = here.get(key);
  if (before) return before;
  const result = work().finally(() => here.delete(key));
  here.set(key, result);
  return result;
}

async function runAndKeep(
  deps: Deps,
  report: CompiledReport,
  { request, key }: { request: RunRequest; key: string },
): Promise<ReportResult> {
  // By the clock that tells whether it is too old, and from before: it may not know what is written meanwhile.
  const { ran_at } = await deps.db.selectNoFrom(sql<string>`now()`.as('ran_at')).executeTakeFirstOrThrow();
  const result = await runReport(deps, report, request);
  const text = JSON.stringify(result);
  if (text.length > BYTES_MAX) return result;
  const row = { slug: result.slug, ran_at, result: text };
  await deps.db
    .insertInto('app.report_results')
    .values({ key, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
  return result;
}
