/** What holds for a metric whatever the facts: asked of the course that is shown, each time it is shown. */
import type { Json } from '../contract.ts';
import type { MetricCourse, MetricDefinition, MetricTest } from '../contract-reports.ts';

/** @returns one entry per test that applies to the metric, with the steps that fail it */
export function metricTests(metric: MetricDefinition, { columns, rows }: MetricCourse): MetricTest[] {
  const at = (row: Json[], name: string) => {
    const value = row[columns.indexOf(name)];
    return value === null || value === undefined ? null : Number(value);
  };
  const wrong = (fails: (row: Json[]) => boolean) => rows.filter(fails).map((row) => String(row[0]));
  const test = (name: MetricTest['name'], label: MetricTest['label'], steps: string[]): MetricTest => ({
    name,
    label,
    wrong: steps,
    passed: steps.length === 0,
  });
  const tests: MetricTest[] = [];
  const { between } = metric;
  if (between) {
    const [low, high] = between;
    const outside = wrong((row) => {
      const value = at(row, 'value');
      return value !== null && (value < low || value > high);
    });
    tests.push(test('between', [`值在 ${low} 到 ${high} 之间`, `Between ${low} and ${high}`], outside));
  }
  if (metric.ci === 'wilson') {
    const more = wrong((row) => (at(row, 'num') ?? 0) > (at(row, 'den') ?? 0));
    tests.push(test('share', ['分子不超过分母', 'The numerator is part of the denominator'], more));
  }
  const never = rows.length > 0 && rows.every((row) => at(row, 'value') === null);
  tests.push(
    test('known', ['至少一个周期有数值', 'At least one step has a value'], never ? [String(rows[0]?.[0])] : []),
  );
  return tests;
}
