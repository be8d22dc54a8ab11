/** What each rule came to for a fact, and why: "消费积分（第 2 版）：每 1 元 1 分 × 2（生日月双倍），得 640". */
import type { Pair } from '../contract.ts';
import { amount, count, type Money } from './words.ts';

export interface Decision {
  rule: Pair;
  number: number;
  account: string;
  effect: string;
  per_points: number | null;
  per_amount: string | null;
  max_per_fact: number | null;
  max_per_day: number | null;
  max_per_customer: number | null;
  outcome: string;
  points: number;
  detail: { basis_amount?: string; raw_points?: string; tier_factor?: string; reason?: string };
  /** Whose rule it is, where it is a campaign's. */
  campaign: Pair | null;
  tier: Pair | null;
  multipliers: { rule: Pair; factor: string }[] | null;
}

export function decisionReasons(decisions: readonly Decision[], money: Money = { currency: 'CNY' }): Pair[] {
  return decisions.map((each) => {
    const [zh, en] = outcome(each);
    const name = `${each.rule[0]}（第 ${each.number} 版）`;
    const name_en = `${each.rule[1]} (version ${each.number})`;
    const away = turnedAway(each);
    if (away) return [`${name}：${away[0]}`, `${name_en}: ${away[1]}`];
    const [how, how_en] = calculation(each, money);
    return [`${name}：${how}，${zh}`, `${name_en}: ${how_en}, ${en}`];
  });
}

function calculation({ effect, per_points, per_amount, detail, tier, multipliers }: Decision, money: Money): Pair {
  const points = count(per_points);
  const base: Pair =
    effect === 'per_amount'
      ? [
          `${amount(detail.basis_amount ?? '0', money)}，每 ${count(per_amount)} 元 ${points} 分`,
          `${amount(detail.basis_amount ?? '0', money)} at ${points} for every ${count(per_amount)}`,
        ]
      : [`固定 ${points} 分`, `${points} at once`];
  // Each multiplier adds what it exceeds one by.
  const factors: Pair[] = [
    ...(multipliers ?? []).map(
      ({ rule, factor }): Pair => [`× ${count(factor)}（${rule[0]}）`, `× ${count(factor)} (${rule[1]})`],
    ),
    ...(tier && detail.tier_factor
      ? [[`× ${count(detail.tier_factor)}（${tier[0]}）`, `× ${count(detail.tier_factor)} (${tier[1]})`] as const]
      : []),
  ];
  return [[base[0], ...factors.map(([zh]) => zh)].join(' '), [base[1], ...factors.map(([, en]) => en)].join(' ')];
}

/** Before anything was worked out. */
function turnedAway({ detail, campaign }: Decision): Pair | null {
  const [zh, en] = campaign ?? ['', ''];
  if (detail.reason === 'not_in_audience')
    return [`不属于活动“${zh}”的受众，未发放`, `nothing, the campaign “${en}” is not for them`];
  if (detail.reason === 'held_out')
    return [`在活动“${zh}”的对照组中，未发放`, `nothing, the campaign “${en}” leaves them out to compare with`];
  return null;
}

const REFUSALS: { [reason: string]: Pair } = {
  budget_exhausted: ['预算已用完', 'the budget is used up'],
  no_budget_line: ['该客群或费用类别没有额度', 'there is no money for the segment or the cost kind'],
  budget_not_active: ['预算未在执行', 'the budget is not in force'],
  outside_budget_period: ['不在预算期间内', 'it is outside the period of the budget'],
};

function outcome({ outcome: what, points, detail, ...caps }: Decision): Pair {
  const raw = count(detail.raw_points);
  if (what === 'capped') {
    const limits: Pair[] = [];
    const { max_per_fact: fact, max_per_day: day, max_per_customer: all } = caps;
    if (fact) limits.push([`单次上限 ${count(fact)}`, `${count(fact)} at a time`]);
    if (day) limits.push([`每日上限 ${count(day)}`, `${count(day)} a day`]);
    if (all) limits.push([`每人上限 ${count(all)}`, `${count(all)} per customer`]);
    const [zh, en] = [limits.map((each) => each[0]).join('、'), limits.map((each) => each[1]).join(', ')];
    return [
      `应得 ${raw}，因${zh}只得 ${count(points)}`,
      `would be ${raw}, held to ${count(points)} by the limit of ${en}`,
    ];
  }
  if (what === 'refused') {
    const [zh, en] = REFUSALS[detail.reason ?? ''] ?? [detail.reason ?? '', detail.reason ?? ''];
    return [`因${zh}未发放`, `nothing, because ${en}`];
  }
  if (what === 'outranked')
    return ['同组中另一条规则优先，未发放', 'nothing, because another rule of its group came first'];
  if (what === 'below_one') return [`计算得 ${raw}，不足一分`, `comes to ${raw}, less than one`];
  return [`得 ${count(points)}`, `gives ${count(points)}`];
}
