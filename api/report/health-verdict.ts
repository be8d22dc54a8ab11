/** What the health report says in sentences: the same figures as its tables, from templates, the most pressing first. */
import { showValue } from '../../reports/cell-value.ts';
import type { Lang, Pair } from '../contract.ts';
import type { HealthMetric, HealthReport } from '../contract-written.ts';

/** More are in the tables. */
const NAMED_MAX = 4;

export function verdict({
  metrics,
  campaigns,
  budgets,
  incidents,
  freshness,
  currency,
}: Omit<HealthReport, 'verdict'>): Pair[] {
  const judged = metrics.flatMap((metric) => (metric.latest?.status ? [{ metric, step: metric.latest }] : []));
  const of = (status: string) => judged.filter(({ step }) => step.status === status);
  const value = (metric: HealthMetric, amount: string | null, lang: Lang) =>
    showValue(amount, { role: 'measure', label: metric.label, unit: metric.unit }, { lang, currency }) || '–';
  const lines: Pair[] = [];
  lines.push(
    judged.length === 0
      ? ['这些指标还没有设定目标。', 'None of these figures has a target yet.']
      : [
          `有目标的指标 ${judged.length} 项：达成 ${of('on_track').length}，有风险 ${of('at_risk').length}，未达成 ${of('missed').length}，尚早 ${of('too_early').length}。`,
          `Of ${judged.length} figures with a target: ${of('on_track').length} on track, ${of('at_risk').length} at risk, ${of('missed').length} missed, ${of('too_early').length} too early to say.`,
        ],
  );
  for (const { metric, step } of of('missed').slice(0, NAMED_MAX)) {
    lines.push([
      `${metric.label[0]} ${value(metric, step.value, 'zh')}，目标 ${value(metric, step.target, 'zh')}，未达成。`,
      `${metric.label[1]} ${value(metric, step.value, 'en')}, target ${value(metric, step.target, 'en')}: missed.`,
    ]);
  }
  for (const metric of metrics.filter(({ latest }) => latest?.signal).slice(0, NAMED_MAX)) {
    const [low, high] = metric.limits ?? [null, null];
    lines.push([
      `${metric.label[0]} ${value(metric, metric.latest!.value, 'zh')}，超出平常的 ${value(metric, low, 'zh')} 至 ${value(metric, high, 'zh')}。`,
      `${metric.label[1]} ${value(metric, metric.latest!.value, 'en')} is outside its usual ${value(metric, low, 'en')} to ${value(metric, high, 'en')}.`,
    ]);
  }
  for (const { name, status } of budgets) {
    if (status === 'missed') lines.push([`预算“${name[0]}”已到停止线。`, `Budget “${name[1]}” has reached its stop.`]);
    if (status === 'at_risk') lines.push([`预算“${name[0]}”偏紧。`, `Budget “${name[1]}” is running short.`]);
  }
  const stopped = campaigns.filter(({ stopped_at }) => stopped_at !== null).length;
  if (stopped > 0) lines.push([`${stopped} 个活动因预算停止。`, `Campaigns stopped for lack of budget: ${stopped}.`]);
  const others = incidents.filter(({ kind }) => kind !== 'campaign_stopped').length;
  if (others > 0) lines.push([`未解决的异常 ${others} 项。`, `Open incidents: ${others}.`]);
  const late = freshness.filter(({ status }) => status === 'late');
  if (late.length > 0) {
    lines.push([
      `数据落后：${late.map(({ name }) => name[0]).join('、')}。`,
      `Data that lag: ${late.map(({ name }) => name[1]).join(', ')}.`,
    ]);
  }
  return lines;
}

/** Whether somebody who only wants to hear of trouble should. */
export function wantsAttention({ metrics, campaigns, budgets, incidents, freshness }: HealthReport): boolean {
  const bad = (status: string | null | undefined) => status === 'missed' || status === 'at_risk';
  return (
    metrics.some(({ latest }) => bad(latest?.status) || latest?.signal) ||
    campaigns.some(({ status, stopped_at }) => bad(status) || stopped_at !== null) ||
    budgets.some(({ status }) => bad(status)) ||
    incidents.length > 0 ||
    freshness.some(({ status }) => status === 'late')
  );
}
