/** What a retrospective says in sentences: from templates, the same figures as its chapters. Only a holdout lets anything be a cause. */
import { showValue } from '../../reports/cell-value.ts';
import { showChange } from '../../reports/change.ts';
import type { Lang, Pair } from '../contract.ts';
import type { HealthReport, Retrospective } from '../contract-written.ts';
import { verdict } from './health-verdict.ts';
import { monthName } from './retrospective-figures.ts';

/** People read five; the rest is in the chapters. */
const LINES_MAX = 5;

export function retrospectiveVerdict(
  said: Pick<Retrospective, 'month_on' | 'scorecard' | 'drivers' | 'splits' | 'effects' | 'carried' | 'currency'>,
  standings: Omit<HealthReport, 'verdict'>,
): Pair[] {
  const [status, ...rest] = verdict(standings);
  const carried = carriedLine(said);
  const lines = [
    ...(status ? [status] : []),
    ...driverLine(said),
    ...simpsonLines(said),
    ...effectLines(said),
    ...rest,
  ];
  return [...lines.slice(0, LINES_MAX - carried.length), ...carried];
}

function driverLine({ month_on, scorecard, drivers, currency }: Parameters<typeof retrospectiveVerdict>[0]): Pair[] {
  if (!drivers) return [];
  const step = scorecard.find(({ code }) => code === 'revenue_net')?.latest;
  const share = step?.step_on === month_on ? step.change : null;
  const line = (lang: Lang): string => {
    const at = lang === 'zh' ? 0 : 1;
    const money = (amount: string) => signed(amount, { lang, currency });
    const change = showChange({ unit: 'money', good: 'up' }, share, lang);
    const parts = drivers.factors?.map(({ label, effect }) => `${label[at]} ${money(effect)}`);
    const net = showValue(drivers.net, { role: 'measure', label: ['', ''], unit: 'money' }, { lang, currency });
    return lang === 'zh'
      ? `${monthName(month_on)} 净销售额 ${net}，较上月 ${money(drivers.change)}${change ? `（${change.text}）` : ''}${parts ? `。按因素拆分：${parts.join('，')}` : ''}。`
      : `Net sales of ${monthName(month_on)} were ${net}, ${money(drivers.change)}${change ? ` (${change.text})` : ''} on the month before${parts ? `. By factor: ${parts.join(', ')}` : ''}.`;
  };
  return [[line('zh'), line('en')]];
}

/** "+¥1,200.00" */
export function signed(amount: string, { lang, currency }: { lang: Lang; currency: string }): string {
  const column = { role: 'measure', label: ['', ''], unit: 'money' } as const;
  const shown = showValue(amount.replace(/^-/, ''), column, { lang, currency });
  return `${amount.startsWith('-') ? '−' : Number(amount) === 0 ? '' : '+'}${shown}`;
}

/** A whole that moves against each of its parts misleads whoever sees only the whole. */
function simpsonLines({ splits }: Pick<Retrospective, 'splits'>): Pair[] {
  return splits
    .filter(({ against }) => against)
    .map(({ label, by }) => [
      `注意：${label[0]}的整体变化与按${by[0]}看的每个部分都相反，变化来自结构。`,
      `Mind: ${label[1]} as a whole moved against every part by ${by[1].toLowerCase()}; the mix is what changed.`,
    ]);
}

function effectLines({ effects }: Pick<Retrospective, 'effects'>): Pair[] {
  const points = (value: string | null, lang: Lang) =>
    showChange({ unit: 'rate', good: 'up' }, value, lang)?.text ?? '';
  return effects
    .filter(({ verdict: said }) => said === 'more' || said === 'less')
    .slice(0, 1)
    .map(({ name, difference, difference_low: low, difference_high: high }) => [
      `与对照组相比，“${name[0]}”使转化率变化 ${points(difference, 'zh')}（95% 区间 ${points(low, 'zh')} 至 ${points(high, 'zh')}）。`,
      `Against those held out, “${name[1]}” changed conversion by ${points(difference, 'en')} (95% interval ${points(low, 'en')} to ${points(high, 'en')}).`,
    ]);
}

function carriedLine({ carried }: Pick<Retrospective, 'carried'>): Pair[] {
  if (carried.length === 0) return [];
  const count = (of: (action: Retrospective['carried'][number]) => boolean) => carried.filter(of).length;
  const [done, late, open] = [
    count(({ status }) => status === 'done'),
    count((action) => action.late),
    count(({ status }) => status === 'open'),
  ];
  return [
    [
      `往月行动 ${carried.length} 项：完成 ${done}，未完成 ${open}，其中逾期 ${late}。`,
      `Of ${carried.length} actions of earlier months: ${done} done, ${open} open, ${late} of them late.`,
    ],
  ];
}
