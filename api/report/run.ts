/** A live report, run for one person: access by role, parameters checked, rows limited, a cut said. */
import type { Caller, Deps } from '../context.ts';
import type { Json, Lang } from '../contract.ts';
import type { ReportDefinition, ReportResult } from '../contract-reports.ts';
import { Problem } from '../errors.ts';
import { readMoment } from '../programme.ts';
import { standsFor } from '../records/access.ts';
import { hasScope } from '../sign-in/token-scopes.ts';
import { compare, daysAhead, eventsAhead, eventsBeside } from './compare.ts';
import { bindValues, type CompiledReport } from './compile.ts';
import { askReport, type ReportAnswer } from './connection.ts';
import { failDatabase, limited } from './describe.ts';
import { resolveParams } from './params.ts';
import { ReportError } from './problem.ts';
import type { ReportSql } from './sql.ts';

const OPTION_ROWS = 1000;
const OPTION_MS = 5_000;
/**
 * A statement that took less than this is kept by its connection: planning would be half of its time. A longer one is
 * planned for its values each time.
 */
const SHORT_MS = 10;
const short = new WeakSet<ReportSql>();

export function mayRead(caller: Caller, { access }: ReportDefinition): boolean {
  if (!hasScope(caller, 'reports:read')) return false;
  return standsFor(caller, access.roles);
}

/** Who writes report files may write them in the browser: people, and no programs. */
export function mayWrite(caller: Caller): boolean {
  return !caller.token && standsFor(caller, ['analyst']);
}

export interface RunRequest {
  /** Every value of every parameter, as the URL gives them. */
  query: { [name: string]: string[] };
  lang: Lang;
  /** Without what its rows are shown beside. */
  alone?: boolean;
  /** Shorter than the report's own. */
  timeout_ms?: number;
}

/** @throws Problem 400 naming a parameter, 422 when the database refuses, 504 when the time is up. */
export async function runReport(deps: Deps, report: CompiledReport, request: RunRequest): Promise<ReportResult> {
  return tryReport(deps, report, request).catch((error: unknown) => {
    throw toProblem(error);
  });
}

/** The same for whoever writes the report. @throws ReportError with the place, when the database refuses; Problem 400 */
export async function tryReport(deps: Deps, report: CompiledReport, request: RunRequest): Promise<ReportResult> {
  const { definition, sql } = report;
  const { today, time_zone } = await readMoment(deps.db, null);
  const { bound, ranges, shown, wrong } = resolveParams(definition.params, request.query, {
    today,
    lang: request.lang,
  });
  if (wrong) throw badParameter(wrong.name, wrong.message);
  const ran_at = new Date().toISOString();
  const timeout_ms = Math.min(Number.parseInt(definition.limits.timeout, 10) * 1000, request.timeout_ms ?? Infinity);
  const rows = definition.limits.rows + 1;
  const run = (values: { [name: string]: Json }) =>
    ask(deps, report, { sql, values: bindValues(sql, values), rows, timeout_ms, time_zone });
  const asked = { definition, bound, ranges, params: shown, time_zone };
  const [answer, days, events] = await Promise.all([
    run(bound),
    request.alone ? [] : daysAhead(asked, async (values) => (await run(values)).rows),
    request.alone ? null : eventsAhead(deps, asked),
  ]);
  const cut = answer.rows.length > definition.limits.rows;
  if (cut) answer.rows.length = definition.limits.rows;
  const result: ReportResult = {
    slug: definition.slug,
    params: shown,
    columns: answer.columns.map((column) => column.name),
    rows: answer.rows,
    cut,
    ran_at,
    took_ms: Math.round(answer.took_ms * 10) / 10,
  };
  if (request.alone) return result;
  const beside = { definition, result, time_zone };
  if (definition.compare) result.compared = await compare(deps, beside, days);
  if (definition.events) result.events = await eventsBeside(deps, beside, events);
  return result;
}

/** The choices of one parameter, as its options query gives them. */
export async function reportOptions(
  deps: Deps,
  report: CompiledReport,
  { param, lang }: { param: string; lang: Lang },
): Promise<{ value: Json; label: string }[]> {
  const sql = report.options[param];
  if (!sql) throw new Problem(404, 'not_found');
  const { today, time_zone } = await readMoment(deps.db, null);
  const answer = await ask(deps, report, {
    sql,
    values: bindValues(sql, { lang, today }),
    rows: OPTION_ROWS,
    timeout_ms: OPTION_MS,
    time_zone,
  }).catch((error: unknown) => {
    throw toProblem(error);
  });
  return answer.rows.map(([value, label]) => ({ value: value ?? null, label: String(label ?? value) }));
}

export function badParameter(name: string, message: readonly [string, string]): Problem {
  return new Problem(
    400,
    'bad_parameter',
    { name },
    { message: [`参数 ${name}：${message[0]}`, `Parameter ${name}: ${message[1]}`] },
  );
}

async function ask(
  deps: Deps,
  report: CompiledReport,
  {
    sql,
    values,
    rows,
    timeout_ms,
    time_zone,
  }: { sql: ReportSql; values: Json[]; rows: number; timeout_ms: number; time_zone: string },
): Promise<ReportAnswer> {
  try {
    const text = limited(sql.statement, rows);
    const answer = await askReport(deps.report, { text, values, timeout_ms, time_zone, keep: short.has(sql) });
    if (answer.took_ms < SHORT_MS) short.add(sql);
    else short.delete(sql);
    return answer;
  } catch (error) {
    return failDatabase(report.source, error, { sql, views: [] });
  }
}

function toProblem(told: unknown): unknown {
  if (!(told instanceof ReportError)) return told;
  const { code, file, line, message } = told.problem;
  if (code === 'timeout') {
    return new Problem(
      504,
      'report_timeout',
      {},
      {
        message: [
          '查询超过时限，已停止。缩小日期范围再试',
          'The query took too long and was stopped. Try a shorter period',
        ],
      },
    );
  }
  return new Problem(
    422,
    'report_failed',
    { file, line },
    {
      message: [
        `报表运行出错（${file} 第 ${line} 行）：${message[0]}`,
        `The report failed (${file}, line ${line}): ${message[1]}`,
      ],
    },
  );
}
