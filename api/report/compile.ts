/** A report file, stage by stage, into what can run: parse, schema, SQL, describe, cost. All or nothing. */
import { createHash } from 'node:crypto';
import type { Node } from 'yaml';
import { nameHint } from '../closest-name.ts';
import type { Json, Pair, Resource } from '../contract.ts';
import type { ReportDefinition } from '../contract-reports.ts';
import { checkColumns, checkCost, type DescribeContext, describeReport } from './describe.ts';
import type { Metrics } from './metrics.ts';
import { BUILT_IN, bindTypes, resolveParams } from './params.ts';
import { parseReport, type YamlPart } from './parse.ts';
import { failAt, type ReportSource } from './problem.ts';
import { type ReadDefinition, readDefinition } from './schema.ts';
import { type ReportSql, readReportSql } from './sql.ts';
import { failNode } from './yaml.ts';

export interface CompiledReport {
  definition: ReportDefinition;
  source: ReportSource;
  /** SHA-256 of the file's text. */
  hash: string;
  /** The analyst's select, without the head. */
  select: string;
  sql: ReportSql;
  /** By parameter: the query that fills its choices. */
  options: { [param: string]: ReportSql };
  /** Where each of the definition's tests stands. */
  tests: { part: YamlPart; node: Node }[];
}

export interface CompileContext extends DescribeContext {
  metrics: Metrics;
  resources: ReadonlyMap<string, Resource>;
  /** Slugs of all report files. */
  slugs: readonly string[];
  today: string;
}

/** @throws ReportError naming file, line and column; other errors mean that the database could not be asked. */
export async function compileReport(
  source: ReportSource,
  { slug, context }: { slug: string; context: CompileContext },
): Promise<CompiledReport> {
  const parts = parseReport(source);
  const read = readDefinition(parts.head, slug, context.metrics);
  const { definition } = read;
  checkDrill(read, context);
  const types = bindTypes(definition.params);
  const sql = readReportSql(source, {
    sql: parts.sql,
    start: parts.sql_start,
    types,
    required: [...types.keys()].filter((name) => !(name in BUILT_IN)),
  });
  checkSums(source, { definition, sql, metrics: context.metrics });
  const { bound } = resolveParams(definition.params, {}, { today: context.today, lang: 'zh' });
  const values = bindValues(sql, bound);
  const given = await describeReport(source, { sql, values, context });
  checkColumns(source, { read, given, sql });
  await checkCost(source, { sql, values, rows: definition.limits.rows, context });
  return {
    definition: inSelectOrder(definition, given),
    source,
    hash: createHash('sha256').update(source.text).digest('hex'),
    select: parts.sql.trim(),
    sql,
    options: await compileOptions(read, context),
    tests: read.tests.map((node) => ({ part: read.part, node })),
  };
}

/** Ratio of sums, never sum or mean of ratios. */
function checkSums(
  source: ReportSource,
  { definition, sql, metrics: { metrics } }: { definition: ReportDefinition; sql: ReportSql; metrics: Metrics },
): void {
  for (const [name, at] of Object.entries(sql.sums)) {
    const metric = metrics.get(definition.columns[name]?.metric ?? '');
    if (metric?.kind !== 'ratio') continue;
    failAt(
      source,
      at,
      'ratio_summed',
      [`${name} 是比率，不能相加或取平均`, `${name} is a ratio, which is neither summed nor averaged`],
      [
        `写成 sum(分子) / nullif(sum(分母), 0)（${metric.num} ÷ ${metric.den}）`,
        `Write sum(numerator) / nullif(sum(denominator), 0) (${metric.num} / ${metric.den})`,
      ],
    );
  }
}

/** Values in the order of $1, $2, … */
export function bindValues(sql: ReportSql, bound: { [name: string]: Json }): Json[] {
  return sql.binds.map((name) => bound[name] ?? null);
}

/** The table shows the columns as the select gives them. */
function inSelectOrder(definition: ReportDefinition, given: { name: string }[]): ReportDefinition {
  return { ...definition, columns: Object.fromEntries(given.map(({ name }) => [name, definition.columns[name]!])) };
}

async function compileOptions(read: ReadDefinition, context: CompileContext): Promise<CompiledReport['options']> {
  const compiled: CompiledReport['options'] = {};
  for (const [name, param] of Object.entries(read.definition.params)) {
    const node = read.params[name]?.options;
    if (!param.options || !node) continue;
    const { source, start } = read.part;
    const [from, to] = [start + (node.range?.[0] ?? 0), start + (node.range?.[1] ?? 0)];
    // Places inside the query are found where the file spells it as the query reads: a plain or simply quoted text.
    const inside = source.text.slice(from, to).indexOf(param.options);
    const at = inside < 0 ? from : from + inside;
    const sql = readReportSql(inside < 0 ? stretched(source, from) : source, {
      sql: param.options,
      start: at,
      types: new Map(Object.entries(BUILT_IN)),
      required: [],
    });
    const given = await describeReport(source, {
      sql,
      values: bindValues(sql, { lang: 'zh', today: context.today }),
      context,
    });
    if (given.length !== 2) {
      failNode(
        read.part,
        node,
        'options_columns',
        [
          `options 要给出两列（代码、名称），现在是 ${given.length} 列`,
          `options must give two columns (code, label), not ${given.length}`,
        ],
        ['例如 select code, name from report.…', 'For example select code, name from report.…'],
      );
    }
    compiled[name] = sql;
  }
  return compiled;
}

/** A source in which every place is the start of the node. */
function stretched(source: ReportSource, from: number): ReportSource {
  return { file: source.file, text: source.text.slice(0, from) };
}

function checkDrill(read: ReadDefinition, context: CompileContext): void {
  const { drill } = read.definition;
  if (!drill) return;
  const [, resource] = /^resource:(.*)$/.exec(drill.to) ?? [];
  const say = (message: Pair, hint: Pair) => failNode(read.part, read.drill, 'drill_unknown', message, hint);
  if (resource === undefined) {
    if (!context.slugs.includes(drill.to)) {
      say([`没有报表 ${drill.to}`, `There is no report ${drill.to}`], nameHint(drill.to, context.slugs));
    }
    return;
  }
  const target = context.resources.get(resource);
  if (!target)
    say([`没有资源 ${resource}`, `There is no resource ${resource}`], nameHint(resource, context.resources.keys()));
  for (const field of Object.keys(drill.pass)) {
    if (target && !target.fields[field]) {
      say(
        [`${resource} 没有字段 ${field}`, `${resource} has no field ${field}`],
        nameHint(field, Object.keys(target.fields)),
      );
    }
  }
}
