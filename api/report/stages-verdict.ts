/** What the evaluation of the stages says in sentences: templates over the figures of its tables, stage by stage. */
import { showValue } from '../../reports/cell-value.ts';
import type { Lang, Pair } from '../contract.ts';
import type { HoldoutEffect, Stage, StageGoal } from '../contract-written.ts';

export function stagesVerdict(stages: readonly Stage[], effects: readonly HoldoutEffect[], currency = 'CNY'): Pair[] {
  if (stages.length === 0) return [];
  const lines: Pair[] = [];
  const judged = stages.flatMap(({ goals }) => goals.filter(({ goal_id, status }) => goal_id !== null && status));
  const of = (among: readonly StageGoal[], status: string) => among.filter((goal) => goal.status === status);
  lines.push([
    `目标 ${judged.length} 项：达成 ${of(judged, 'on_track').length}，有风险 ${of(judged, 'at_risk').length}，未达成 ${of(judged, 'missed').length}，尚早 ${of(judged, 'too_early').length}。`,
    `Of ${judged.length} goals: ${of(judged, 'on_track').length} on track, ${of(judged, 'at_risk').length} at risk, ${of(judged, 'missed').length} missed, ${of(judged, 'too_early').length} too early to say.`,
  ]);
  for (const { goals, label, phase } of stages) {
    if (phase === 'ahead') continue;
    for (const goal of goals) {
      if (goal.status !== 'missed' && goal.status !== 'at_risk') continue;
      const [zh, en] = [amounts(goal, 'zh', currency), amounts(goal, 'en', currency)];
      const ended = goal.status === 'missed';
      lines.push([
        `${label[0]}“${goal.name[0]}”：现为 ${zh.actual}，目标 ${zh.target}，${ended ? '未达成' : '落后于进度'}。`,
        `${label[1]}, “${goal.name[1]}”: ${en.actual} now, target ${en.target}; ${ended ? 'missed' : 'behind its pace'}.`,
      ]);
    }
  }
  const without = judged.filter(({ status }) => status === 'no_baseline');
  if (without.length > 0) {
    lines.push([
      `缺少基线：${without.map(({ name }) => `“${name[0]}”`).join('、')}。`,
      `Without a baseline: ${without.map(({ name }) => `“${name[1]}”`).join(', ')}.`,
    ]);
  }
  for (const { name, verdict } of effects) {
    if (verdict === 'more' || verdict === 'less') {
      lines.push([
        `“${name[0]}”${verdict === 'more' ? '提高' : '降低'}了下单率（与对照组相比）。`,
        `“${name[1]}” ${verdict === 'more' ? 'raised' : 'lowered'} the share who order, beside those held out.`,
      ]);
    }
    if (verdict === 'ratio_off') {
      lines.push([
        `“${name[0]}”的对照组人数与设定比例不符，请先查明原因，不要采信其效果。`,
        `“${name[1]}” holds out another share than it should: find out why before its effect is believed.`,
      ]);
    }
  }
  return lines;
}

function amounts({ label, unit, ...goal }: StageGoal, lang: Lang, currency: string) {
  const show = (amount: string | null) =>
    showValue(amount, { role: 'measure', label, unit }, { lang, currency }) || '–';
  return { actual: show(goal.actual), target: show(goal.target) };
}
