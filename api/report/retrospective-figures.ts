/** Every number of a retrospective by which two writings of a month are compared, each with a name of its own. */
import { createHash } from 'node:crypto';
import type { Pair } from '../contract.ts';
import type { MetricDefinition } from '../contract-reports.ts';
import type { Retrospective, RetrospectiveFigure } from '../contract-written.ts';
import { pageFigures } from './retrospective-pages.ts';

/** To be raised when the split of net sales is worked out otherwise. */
const DRIVERS_VERSION = 'net_sales_drivers 1';

/** What is asked of a metric's definition: whether it still is the same. */
export function definitionHash(metric: MetricDefinition, registry: ReadonlyMap<string, MetricDefinition>): string {
  const parts = [metric.num, metric.den].map((code) => registry.get(code ?? '')?.source ?? null);
  const { kind, num, den, source, unit, additive, ci, matures, version } = metric;
  return createHash('sha256')
    .update(JSON.stringify({ kind, num, den, source, parts, unit, additive, ci, matures, version }))
    .digest('hex');
}

export function figuresOf(
  { month_on, scorecard, drivers, contributions, splits, pages }: Omit<Retrospective, 'figures' | 'verdict'>,
  definition_of: (code: string) => string,
): RetrospectiveFigure[] {
  const figures: RetrospectiveFigure[] = [];
  for (const { code, label, unit, trend, latest } of scorecard) {
    const definition = definition_of(code);
    const named = (step: string): Pair => [`${label[0]} ${monthName(step)}`, `${label[1]} ${monthName(step)}`];
    for (const { step_on: step, value, whole } of trend) {
      if (value === null || !whole) continue;
      figures.push({
        id: `scorecard/${code}/${step}`,
        chapter: 'scorecard',
        step,
        label: named(step),
        unit,
        value,
        definition,
      });
    }
    if (latest?.target) {
      const step = latest.step_on;
      const [zh, en] = named(step);
      figures.push({
        ...{ id: `target/${code}/${step}`, chapter: 'scorecard', step, unit, value: latest.target, definition },
        label: [`${zh} 目标`, `${en}, target`],
      });
    }
  }
  for (const { name, label, effect } of drivers?.factors ?? []) {
    const [zh, en] = label;
    figures.push({
      ...{ id: `drivers/${name}/${month_on}`, chapter: 'drivers', step: month_on, unit: 'money', value: effect },
      ...{ label: [`净销售额变动：${zh}`, `Change of net sales: ${en}`], definition: DRIVERS_VERSION },
    });
  }
  for (const { metric, label, unit, parts } of contributions) {
    for (const { part, label: of, difference } of parts) {
      figures.push({
        ...{
          id: `contribution/${metric}/${part}/${month_on}`,
          chapter: 'drivers',
          step: month_on,
          unit,
          value: difference,
        },
        ...{
          label: [`${label[0]}变动：${of[0]}`, `Change of ${label[1]}: ${of[1]}`],
          definition: definition_of(metric),
        },
      });
    }
  }
  for (const { metric, label, unit, step_on: step, rate_effect, mix_effect } of splits) {
    for (const [name, value, [zh, en]] of [
      ['rate', rate_effect, ['各部分自身变化', 'rates of the parts']],
      ['mix', mix_effect, ['结构变化', 'mix']],
    ] as const) {
      figures.push({
        ...{ id: `split/${metric}/${name}/${step}`, chapter: 'drivers', step, unit, value },
        ...{ label: [`${label[0]}：${zh}`, `${label[1]}: ${en}`], definition: definition_of(metric) },
      });
    }
  }
  return pages ? [...figures, ...pageFigures(pages, month_on)] : figures;
}

/** "2026-01-01" -> "2026-01" */
export function monthName(step: string): string {
  return step.slice(0, 7);
}
