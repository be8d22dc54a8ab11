/** What tiers ask for, in words: "近 365 天消费额", "growth value this quarter". */
import type { Field, Pair } from './contract.ts';
import { f } from './definition.ts';

export interface Criterion {
  basis: string;
  window_kind: string;
  window_days: number | null;
}

const WHAT: { [basis: string]: Pair } = {
  spend: ['消费额', 'spend'],
  orders: ['订单数', 'orders'],
  growth: ['成长值', 'growth value'],
  referrals: ['成功推荐人数', 'successful referrals'],
  segment: ['所属客群', 'segment'],
  invitation: ['受邀', 'invitation'],
};
const WHEN: { [window: string]: Pair } = {
  month: ['本月', 'this month'],
  quarter: ['本季度', 'this quarter'],
  year: ['本年度', 'this year'],
  anniversary: ['本会员年度', 'this membership year'],
  lifetime: ['累计', 'in all'],
};

/** What is counted, and over which time. */
export function criterionWords({ basis, window_kind, window_days }: Criterion): Pair {
  const [what, what_en] = WHAT[basis] ?? [basis, basis];
  if (basis === 'segment' || basis === 'invitation') return [what, capital(what_en)];
  if (window_kind === 'rolling')
    return [`近 ${window_days} 天${what}`, `${capital(what_en)} in the last ${window_days} days`];
  const [when, when_en] = WHEN[window_kind] ?? ['', ''];
  return [`${when}${what}`, `${capital(what_en)} ${when_en}`];
}

/** How its numbers are shown. */
export function criterionField(criterion: Criterion): Field {
  const label = criterionWords(criterion);
  if (criterion.basis === 'spend') return f.money({ label });
  return criterion.basis === 'growth' ? f.points({ label }) : f.integer({ label });
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
