/** A small world for report tests: one view, a registry of three metrics, and compiling a text against them. */
import { sql } from 'kysely';
import type { Pair } from '../../api/contract.ts';
import type { MetricDefinition } from '../../api/contract-reports.ts';
import { type CompileContext, type CompiledReport, compileReport } from '../../api/report/compile.ts';
import { type FileProblem, ReportError } from '../../api/report/problem.ts';
import customers from '../../api/resources/customers.ts';
import type { TestDatabase } from '../database.ts';

const label: Pair = ['指标', 'Metric'];
const metric = (code: string, more: Partial<MetricDefinition> = {}): [string, MetricDefinition] => [
  code,
  {
    code,
    label,
    definition: label,
    kind: 'sum',
    unit: 'count',
    good: 'up',
    additive: 'all',
    ci: 'none',
    owner: 'analytics',
    since: '2026-01-01',
    version: 1,
    ...more,
  },
];

/** Makes report.sales (four rows) and gives what compiling needs. */
export async function reportWorld(t: TestDatabase): Promise<CompileContext> {
  await sql`
    create view report.sales as
    select sold_on, channel, orders, amount
    from (values
      (date '2026-03-01', 'online', 2::bigint, 20.50::numeric(14, 2)),
      (date '2026-03-01', 'store', 1::bigint, 7.00::numeric(14, 2)),
      (date '2026-03-02', 'online', 3::bigint, 30.00::numeric(14, 2)),
      (date '2026-03-09', 'store', 4::bigint, 44.44::numeric(14, 2))
    ) as sales (sold_on, channel, orders, amount)
  `.execute(t.owner);
  await sql`grant select on report.sales to ${sql.id(reportRole(t))}`.execute(t.owner);
  return {
    pool: t.report,
    time_zone: 'Asia/Shanghai',
    today: '2026-03-10',
    views: ['sales'],
    resources: new Map([['customers', customers]]),
    slugs: ['sales/by-day', 'sales/rows'],
    metrics: {
      metrics: new Map([
        metric('orders'),
        metric('revenue', { unit: 'money' }),
        metric('share', { kind: 'ratio', num: 'orders', den: 'orders', unit: 'rate', additive: 'none' }),
        metric('buyers'),
        metric('rate', { kind: 'ratio', num: 'orders', den: 'buyers', unit: 'rate', additive: 'none' }),
      ]),
      areas: [],
      dimensions: new Map([['channel', { label: ['渠道', 'Channel'] as Pair }]]),
    },
  };
}

function reportRole(t: TestDatabase): string {
  return decodeURIComponent(new URL(t.report.options.connectionString!).username);
}

export function compile(text: string, context: CompileContext): Promise<CompiledReport> {
  return compileReport({ file: 'reports/pages/sales/test.sql', text }, { slug: 'sales/test', context });
}

/** The problem a text has. @throws when it has none. */
export async function problemOf(text: string, context: CompileContext): Promise<FileProblem> {
  try {
    await compile(text, context);
  } catch (error) {
    if (error instanceof ReportError) return error.problem;
    throw error;
  }
  throw new Error('the report compiled');
}

/** A report that compiles; each part can be replaced. */
export function reportText({
  head = '',
  params = '',
  columns = `
  sold_on: { role: time, label: [日期, Day] }
  channel: { role: series }
  orders: { role: measure, metric: orders }`,
  chart = '{ kind: line, x: sold_on, y: orders, color: channel }',
  access = 'access: { roles: [analyst] }',
  select = 'select sold_on, channel, orders\nfrom report.sales\norder by 1, 2',
}: { [part in 'head' | 'params' | 'columns' | 'chart' | 'access' | 'select']?: string } = {}): string {
  return `/*---
report: 1
title: [销售, Sales]
${head}${params ? `params:${params}\n` : ''}columns:${columns}
chart: ${chart}
${access}
---*/
${select}
`;
}
