/** The health report as an e-mail: what it says in sentences, its figures with a picture of each, and where to read on. */
import { showValue } from '../../reports/cell-value.ts';
import { showChange } from '../../reports/change.ts';
import type { Lang, Pair } from '../contract.ts';
import type { HealthMetric, HealthReport, Standing } from '../contract-written.ts';
import { chartPicture } from './health-chart.ts';
import { escaped, MAIL_STYLE, tableRow } from './mail-look.ts';

export interface HealthMail {
  subject: string;
  text: string;
  html: string;
  pictures: { filename: string; content: Buffer; cid: string }[];
}

const WORDS = {
  title: ['健康日报', 'Daily health report'],
  figure: ['指标', 'Figure'],
  value: ['最近一期', 'Latest'],
  change: ['较上期', 'Change'],
  target: ['目标', 'Target'],
  status: ['状态', 'Status'],
  course: ['走势', 'Course'],
  campaigns: ['进行中的活动', 'Running campaigns'],
  budgets: ['预算', 'Budgets'],
  incidents: ['未解决的异常', 'Open incidents'],
  none: ['没有', 'None'],
  stopped: ['因预算停止', 'stopped for lack of budget'],
  used: ['已用', 'used'],
  open: ['在控制台中查看', 'Open in the console'],
  on_track: ['达成', 'On track'],
  at_risk: ['有风险', 'At risk'],
  missed: ['未达成', 'Missed'],
  too_early: ['尚早', 'Too early'],
  budget_on_track: ['正常', 'In order'],
  budget_at_risk: ['偏紧', 'Running short'],
  budget_missed: ['已到停止线', 'At its stop'],
  budget_too_early: ['尚早', 'Too early'],
  campaign_stopped: ['活动停止', 'Campaign stopped'],
  job_failed: ['任务失败', 'Job failed'],
  webhook_failed: ['通知失败', 'Webhook failed'],
  noted: ['异常', 'Incident'],
} as const satisfies { [word: string]: Pair };
type Word = keyof typeof WORDS;
const COLOURS: { [status in Standing]: string } = {
  on_track: '#0f6b4f',
  at_risk: '#b26a00',
  missed: '#c0392b',
  too_early: '#66726c',
};

/** @param options.address where the report is read in the console */
export async function healthMail(
  report: HealthReport,
  { lang, programme, address }: { lang: Lang; programme: Pair; address: string },
): Promise<HealthMail> {
  const pick = (pair: readonly [string, string]) => pair[lang === 'zh' ? 0 : 1];
  const say = (word: Word) => pick(WORDS[word]);
  const show = (amount: string | null, metric: Pick<HealthMetric, 'label' | 'unit'>) =>
    showValue(amount, { role: 'measure', ...metric }, { lang, currency: report.currency }) || '–';
  const pictures: HealthMail['pictures'] = [];
  const rows: string[] = [];
  const lines: string[] = [];
  for (const metric of report.metrics) {
    const { latest } = metric;
    if (!latest) continue;
    const content = await chartPicture(metric);
    const cid = `${metric.code}@evergreen`;
    if (content) pictures.push({ filename: `${metric.code}.png`, content, cid });
    const status = latest.status ? say(latest.status) : '';
    const value = show(latest.value, metric);
    const change = showChange(metric, latest.change, lang)?.text ?? '';
    rows.push(
      tableRow([
        `<b>${escaped(pick(metric.label))}</b><br><span style="color:#66726c">${latest.step_on}</span>`,
        escaped(value),
        escaped(change),
        escaped(show(latest.target, metric)),
        status ? `<span style="color:${COLOURS[latest.status!]}">${status}</span>` : '',
        content ? `<img src="cid:${cid}" width="240" height="56" alt="${escaped(pick(metric.label))}">` : '',
      ]),
    );
    lines.push(`${pick(metric.label)}: ${value}${change ? ` (${change})` : ''}${status ? ` · ${status}` : ''}`);
  }
  const campaigns = report.campaigns.map(({ name, status, stopped_at, budget }) =>
    [
      pick(name),
      ...(stopped_at ? [say('stopped')] : status ? [say(status)] : []),
      ...(budget?.used_rate ? [`${pick(budget.name)} ${share(budget.used_rate, lang)} ${say('used')}`] : []),
    ].join(' · '),
  );
  const budgets = report.budgets.map(
    ({ name, used_rate, status }) =>
      `${pick(name)} · ${share(used_rate, lang)} ${say('used')} · ${say(`budget_${status}`)}`,
  );
  const incidents = report.incidents.map(({ kind, name }) => `${say(kind)} · ${pick(name)}`);
  const sections = [
    ['campaigns', campaigns],
    ['budgets', budgets],
    ['incidents', incidents],
  ] as const;
  const subject = `${pick(programme)} · ${say('title')} ${report.reported_on}`;
  const verdict = report.verdict.map(pick);
  return {
    subject,
    text: [
      subject,
      ...verdict,
      '',
      ...lines,
      ...sections.flatMap(([word, list]) => ['', say(word), ...(list.length > 0 ? list : [say('none')])]),
      '',
      address,
    ].join('\n'),
    html: [
      `<div lang="${lang}" style="${MAIL_STYLE}">`,
      `<h1 style="font-size:20px">${escaped(subject)}</h1>`,
      ...verdict.map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`),
      '<table style="border-collapse:collapse;margin:16px 0;width:100%">',
      tableRow(
        (['figure', 'value', 'change', 'target', 'status', 'course'] as const).map(
          (word) => `<span style="color:#66726c">${say(word)}</span>`,
        ),
      ),
      ...rows,
      '</table>',
      ...sections.flatMap(([word, list]) => [
        `<h2 style="font-size:16px">${say(word)}</h2>`,
        ...(list.length > 0 ? list : [say('none')]).map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`),
      ]),
      `<p style="margin-top:20px"><a href="${escaped(address)}" style="color:#0f6b4f">${say('open')}</a></p></div>`,
    ].join('\n'),
    pictures,
  };
}

function share(value: string, lang: Lang): string {
  return showValue(value, { role: 'measure', label: ['', ''], unit: 'rate' }, { lang, currency: 'CNY' });
}
