/** Figures in an e-mail: each with its change, its target, how it stands and a picture of its course. */
import { showValue } from '../../reports/cell-value.ts';
import { showChange } from '../../reports/change.ts';
import { told } from '../../reports/words.ts';
import type { Lang, Pair } from '../contract.ts';
import type { HealthMetric, Standing } from '../contract-written.ts';
import { chartPicture } from './health-chart.ts';
import { escaped, tableRow } from './mail-look.ts';

const WORDS = {
  figure: ['指标', 'Figure'],
  value: ['最近一期', 'Latest'],
  change: ['较上期', 'Change'],
  target: ['目标', 'Target'],
  status: ['状态', 'Status'],
  course: ['走势', 'Course'],
} as const satisfies { [word: string]: Pair };
export const STANDINGS: { [status in Standing]: Pair } = {
  on_track: ['达成', 'On track'],
  at_risk: ['有风险', 'At risk'],
  missed: ['未达成', 'Missed'],
  too_early: ['尚早', 'Too early'],
};
const COLOURS: { [status in Standing]: string } = {
  on_track: '#0f6b4f',
  at_risk: '#b26a00',
  missed: '#c0392b',
  too_early: '#66726c',
};

export interface MailPicture {
  filename: string;
  content: Buffer;
  cid: string;
}
export interface MailFigures {
  /** A table. */
  html: string;
  lines: string[];
  pictures: MailPicture[];
}

/** @returns of those that have a whole step; none: no text at all */
export async function mailFigures(
  metrics: readonly HealthMetric[],
  { lang, currency }: { lang: Lang; currency: string },
): Promise<MailFigures> {
  const pick = (pair: Pair) => pair[lang === 'zh' ? 0 : 1];
  const pictures: MailPicture[] = [];
  const rows: string[] = [];
  const lines: string[] = [];
  for (const metric of metrics) {
    const { latest, label, unit, code } = metric;
    if (!latest) continue;
    const show = (amount: string | null) =>
      showValue(amount, { role: 'measure', label, unit }, { lang, currency }) || '–';
    const content = await chartPicture(metric);
    const cid = `${code}@evergreen`;
    if (content) pictures.push({ filename: `${code}.png`, content, cid });
    const status = latest.status ? pick(STANDINGS[latest.status]) : '';
    const value = show(latest.value);
    const change = showChange(metric, latest.change, lang)?.text ?? '';
    rows.push(
      tableRow([
        `<b>${escaped(pick(label))}</b><br><span style="color:#66726c">${latest.step_on}</span>`,
        escaped(value),
        escaped(change),
        escaped(show(latest.target)),
        status ? `<span style="color:${COLOURS[latest.status!]}">${status}</span>` : '',
        content ? `<img src="cid:${cid}" width="240" height="56" alt="${escaped(pick(label))}">` : '',
      ]),
    );
    const beside = [
      ...(change ? [`${pick(WORDS.change)} ${change}`] : []),
      ...(latest.target === null ? [] : [`${pick(WORDS.target)} ${show(latest.target)}`]),
      ...(status ? [status] : []),
      latest.step_on,
    ];
    lines.push([told(lang, pick(label), value), ...beside].join(' · '));
  }
  const head = tableRow(Object.values(WORDS).map((word) => `<span style="color:#66726c">${pick(word)}</span>`));
  const table = ['<table style="border-collapse:collapse;margin:16px 0;width:100%">', head, ...rows, '</table>'];
  return { html: rows.length > 0 ? table.join('\n') : '', lines, pictures };
}
