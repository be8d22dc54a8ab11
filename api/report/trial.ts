/**
 * Stage 7: a report run once as it stands, before anybody reads it. What the database refuses only when it computes, rows
 * beyond the limit of a chart, and the report's own tests are told like any other mistake, at their place in the text.
 */
import type { Json } from '../contract.ts';
import type { ReportResult, ReportTest } from '../contract-reports.ts';
import type { CompiledReport } from './compile.ts';
import { failAt } from './problem.ts';
import { failNode } from './yaml.ts';

/** What is enough to see that a chart has too many colours to be told apart. */
const SERIES_MAX = 24;

/** @param result of a run with the defaults, or with what was chosen beside the editor. @throws ReportError */
export function checkTrial(report: CompiledReport, result: ReportResult): void {
  checkRows(report, result);
  checkSeries(report, result);
  for (const test of report.definition.tests ?? []) checkTest(report, { test, result });
}

/** A table says that it is cut; a chart without its last rows would be wrong. */
function checkRows({ definition, source, sql }: CompiledReport, { cut }: ReportResult): void {
  if (!cut || definition.chart.kind === 'table') return;
  const { rows } = definition.limits;
  failAt(
    source,
    sql.start,
    'too_many_rows',
    [`结果超过 ${rows} 行，图表画不全`, `The select gives more than ${rows} rows; the chart would lack the rest`],
    [
      '在 SQL 里先汇总（group by），或缩短默认日期；确实需要时写 limits: { rows: 5000 }',
      'Aggregate in SQL (group by) or take a shorter default period; if all are needed, write limits: { rows: 5000 }',
    ],
  );
}

function checkSeries({ definition, source, sql }: CompiledReport, { columns, rows }: ReportResult): void {
  const { color, kind } = definition.chart;
  if (!color || kind === 'cell' || kind === 'scatter') return;
  const at = columns.indexOf(color);
  const found = new Set(rows.map((row) => row[at])).size;
  if (found <= SERIES_MAX) return;
  failAt(
    source,
    sql.start,
    'too_many_series',
    [
      `${color} 有 ${found} 种取值，颜色分不清（最多 ${SERIES_MAX} 种）`,
      `${color} has ${found} values; colours tell at most ${SERIES_MAX} apart`,
    ],
    ['只留最大的几类，其余并入“其他”', 'Keep the largest and put the others together'],
  );
}

function checkTest(
  { definition, tests }: CompiledReport,
  { test, result: { columns, rows } }: { test: ReportTest; result: ReportResult },
): void {
  const place = tests[(definition.tests ?? []).indexOf(test)]!;
  const value = (row: Json[], column: string) => row[columns.indexOf(column)] ?? null;
  const told = (row: Json[]) =>
    columns
      .slice(0, 4)
      .map((column, index) => `${column}=${row[index]}`)
      .join(', ');
  if (test.unique) {
    const seen = new Set<string>();
    for (const row of rows) {
      const key = JSON.stringify(test.unique.map((column) => value(row, column)));
      if (seen.has(key)) {
        failNode(
          place.part,
          place.node,
          'test_failed',
          [
            `测试 unique 没有通过：${told(row)} 出现了不止一次`,
            `The test unique fails: ${told(row)} stands there more than once`,
          ],
          [
            `检查 group by 是否正好是 ${test.unique.join(', ')}`,
            `Look whether the select groups by exactly ${test.unique.join(', ')}`,
          ],
        );
      }
      seen.add(key);
    }
  }
  for (const [column, [low, high]] of Object.entries(test.between ?? {})) {
    const row = rows.find((each) => {
      const found = value(each, column);
      return found !== null && (Number(found) < low || Number(found) > high);
    });
    if (row) {
      failNode(
        place.part,
        place.node,
        'test_failed',
        [
          `测试 between 没有通过：${told(row)} 的 ${column} 是 ${value(row, column)}，不在 ${low} 到 ${high} 之间`,
          `The test between fails: ${column} is ${value(row, column)} at ${told(row)}, not between ${low} and ${high}`,
        ],
        ['检查分子分母，或改正 between 的范围', 'Look at numerator and denominator, or mend the range of between'],
      );
    }
  }
  for (const column of test.not_null ?? []) {
    const row = rows.find((each) => value(each, column) === null);
    if (row) {
      failNode(
        place.part,
        place.node,
        'test_failed',
        [
          `测试 not_null 没有通过：${told(row)} 的 ${column} 是空的`,
          `The test not_null fails: ${column} is empty at ${told(row)}`,
        ],
        ['在 SQL 里用 coalesce 或 where … is not null', 'Use coalesce or "where … is not null" in the SQL'],
      );
    }
  }
}
