/** The `status:` entries of a report's head: when a figure of it is wrong. They are judged in SQL (ops.alert_levels). */
import { isScalar, type Node } from 'yaml';
import { nameHint } from '../closest-name.ts';
import type { Pair } from '../contract.ts';
import type { StatusRule } from '../contract-alerts.ts';
import type { MetricDefinition, ReportDefinition } from '../contract-reports.ts';
import type { YamlPart } from './parse.ts';
import { failNode, listOf, need, numberOf, oneOf, strictMap, textOf } from './yaml.ts';

export const STATUS_KEYS = ['metric', 'against', 'warn', 'bad', 'side', 'for', 'every'] as const;
export const AGAINST = ['target', 'previous', 'value'] as const;
export const SIDES = ['below', 'above'] as const;
const RULES_MAX = 8;
const STEPS_MAX = 60;
export const EVERY: { [every: string]: number } = { '5m': 5, '15m': 15, '30m': 30, '1h': 60, '6h': 360, '1d': 1440 };

/** @throws ReportError at the entry that is wrong */
export function readStatus(
  part: YamlPart,
  node: Node,
  { columns, metrics }: { columns: ReportDefinition['columns']; metrics: ReadonlyMap<string, MetricDefinition> },
): StatusRule[] {
  const entries = listOf(part, node, 'status');
  if (entries.length > RULES_MAX) {
    failNode(part, node, 'too_many_rules', [`最多 ${RULES_MAX} 条规则`, `At most ${RULES_MAX} rules`]);
  }
  const rules = entries.map((entry) => readRule(part, entry, { columns, metrics }));
  const keys = rules.map(({ column, against }) => `${column} ${against}`);
  const again = keys.findIndex((key, at) => keys.indexOf(key) < at);
  if (again >= 0) {
    failNode(
      part,
      entries[again],
      'rule_twice',
      ['同一指标、同一比较对象只能有一条规则', 'One rule for each metric and what it is compared with'],
      ['把两条合成一条，warn 与 bad 各写一个', 'Make it one, with warn and bad'],
    );
  }
  return rules;
}

function readRule(
  part: YamlPart,
  entry: Node,
  { columns, metrics }: { columns: ReportDefinition['columns']; metrics: ReadonlyMap<string, MetricDefinition> },
): StatusRule {
  const at = strictMap(part, entry, 'status', STATUS_KEYS);
  const metric_node = need(part, entry, at.metric, 'status', 'metric').node;
  const metric = textOf(part, metric_node, 'metric');
  const measured = Object.entries(columns).flatMap(([name, column]) =>
    column.metric && column.role === 'measure' ? [{ name, metric: column.metric }] : [],
  );
  const column = measured.find((each) => each.metric === metric)?.name;
  if (!column) {
    failNode(
      part,
      metric_node,
      'unknown_metric',
      [`没有数值列的指标是 ${metric}`, `No measured column has the metric ${metric}`],
      nameHint(
        metric,
        measured.map((each) => each.metric),
      ),
    );
  }
  const against_node = need(part, entry, at.against, 'status', 'against', [
    'against: target、previous 或 value',
    'against: target, previous or value',
  ]).node;
  const against = oneOf(part, against_node, 'against', AGAINST);
  const timed = Object.values(columns).some(({ role }) => role === 'time');
  if (against !== 'value' && !timed) {
    failNode(part, against_node, 'rule_without_time', [
      `没有时间列（role: time）的报表只能用 against: value`,
      'A report without a column of role time can only be against: value',
    ]);
  }
  const warn = at.warn && amountOf(part, at.warn.node, { name: 'warn', shared: against !== 'value' });
  const bad = at.bad && amountOf(part, at.bad.node, { name: 'bad', shared: against !== 'value' });
  if (warn === undefined && bad === undefined) {
    failNode(
      part,
      entry,
      'missing_key',
      ['status 要写 warn 或 bad', 'status needs warn or bad'],
      ['例如 warn: -10%', 'For example warn: -10%'],
    );
  }
  const side = at.side
    ? oneOf(part, at.side.node, 'side', SIDES)
    : sideOf({ against, warn, bad, good: metrics.get(metric)?.good ?? 'none' });
  if (side === null) {
    failNode(part, entry, 'missing_key', [
      '看不出哪一侧不正常：请写 side: below 或 side: above',
      'It cannot be told which side is wrong: write side: below or side: above',
    ]);
  }
  if (
    warn !== undefined &&
    bad !== undefined &&
    (side === 'below' ? Number(bad) > Number(warn) : Number(bad) < Number(warn))
  ) {
    failNode(
      part,
      at.bad!.node,
      'limit_out_of_range',
      ['bad 要比 warn 更严重', 'bad must be further off than warn'],
      side === 'below' ? ['数值越低越严重', 'Lower is worse'] : ['数值越高越严重', 'Higher is worse'],
    );
  }
  return {
    metric,
    column,
    against,
    side,
    ...(warn === undefined ? {} : { warn }),
    ...(bad === undefined ? {} : { bad }),
    for: at.for ? stepsOf(part, at.for.node, timed) : 1,
    ...(at.every ? { every: minutesOf(part, at.every.node) } : {}),
  };
}

/** A share says by its sign which way it goes; an amount by the order of the two, or by what is good for the metric. */
function sideOf({
  against,
  warn,
  bad,
  good,
}: {
  against: StatusRule['against'];
  warn: string | undefined;
  bad: string | undefined;
  good: MetricDefinition['good'];
}): StatusRule['side'] | null {
  if (against !== 'value') return (bad ?? warn)!.startsWith('-') ? 'below' : 'above';
  if (warn !== undefined && bad !== undefined && Number(warn) !== Number(bad))
    return Number(bad) < Number(warn) ? 'below' : 'above';
  return good === 'none' ? null : good === 'up' ? 'below' : 'above';
}

/** "-10%" as "-0.1"; plain amounts only where `shared` is false. As text: no digit is lost. */
function amountOf(part: YamlPart, node: Node, { name, shared }: { name: string; shared: boolean }): string {
  const written = isScalar(node) ? String(node.source ?? node.value) : '';
  const [, sign, whole, rest = '', percent] = /^([+-]?)(\d{1,12})(?:\.(\d{1,6}))?(%?)$/.exec(written.trim()) ?? [];
  if (whole === undefined || (shared && percent === '')) {
    const message: Pair = shared
      ? [`${name} 要写百分比`, `${name} must be a percentage`]
      : [`${name} 要写一个数或百分比`, `${name} must be a number or a percentage`];
    failNode(
      part,
      node,
      'wrong_type',
      message,
      shared ? [`例如 ${name}: -10%`, `For example ${name}: -10%`] : undefined,
    );
  }
  const minus = sign === '-' ? '-' : '';
  if (percent === '') return `${minus}${whole}${rest ? `.${rest}` : ''}`;
  const digits = whole.padStart(3, '0');
  return `${minus}${digits.slice(0, -2).replace(/^0+(?=\d)/, '')}.${digits.slice(-2)}${rest}`;
}

function stepsOf(part: YamlPart, node: Node, timed: boolean): number {
  const steps = numberOf(part, node, 'for');
  if (!(Number.isInteger(steps) && steps >= 1 && steps <= STEPS_MAX)) {
    failNode(part, node, 'limit_out_of_range', [
      `for 要在 1 到 ${STEPS_MAX} 之间`,
      `for must be between 1 and ${STEPS_MAX}`,
    ]);
  }
  if (steps > 1 && !timed) {
    failNode(part, node, 'rule_without_time', [
      '没有时间列的报表没有“连续几期”',
      'A report without a column of role time has no steps in a row',
    ]);
  }
  return steps;
}

function minutesOf(part: YamlPart, node: Node): number {
  return EVERY[oneOf(part, node, 'every', Object.keys(EVERY))]!;
}
