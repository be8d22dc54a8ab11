/** The health report as an e-mail: what it says in sentences, its figures with a picture of each, and where to read on. */
import { showValue } from '../../reports/cell-value.ts';
import type { Lang, Pair } from '../contract.ts';
import type { HealthReport } from '../contract-written.ts';
import { type MailPicture, mailFigures, STANDINGS } from './mail-figures.ts';
import { escaped, MAIL_STYLE } from './mail-look.ts';

export interface HealthMail {
  subject: string;
  text: string;
  html: string;
  pictures: MailPicture[];
}

const WORDS = {
  title: ['健康日报', 'Daily health report'],
  campaigns: ['进行中的活动', 'Running campaigns'],
  budgets: ['预算', 'Budgets'],
  incidents: ['未解决的异常', 'Open incidents'],
  none: ['没有', 'None'],
  stopped: ['因预算停止', 'stopped for lack of budget'],
  used: ['已用', 'used'],
  open: ['在控制台中查看', 'Open in the console'],
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

/** @param options.address where the report is read in the console */
export async function healthMail(
  report: HealthReport,
  { lang, programme, address }: { lang: Lang; programme: Pair; address: string },
): Promise<HealthMail> {
  const pick = (pair: readonly [string, string]) => pair[lang === 'zh' ? 0 : 1];
  const say = (word: Word) => pick(WORDS[word]);
  const figures = await mailFigures(report.metrics, { lang, currency: report.currency });
  const campaigns = report.campaigns.map(({ name, status, stopped_at, budget }) =>
    [
      pick(name),
      ...(stopped_at ? [say('stopped')] : status ? [pick(STANDINGS[status])] : []),
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
      ...figures.lines,
      ...sections.flatMap(([word, list]) => ['', say(word), ...(list.length > 0 ? list : [say('none')])]),
      '',
      address,
    ].join('\n'),
    html: [
      `<div lang="${lang}" style="${MAIL_STYLE}">`,
      `<h1 style="font-size:20px">${escaped(subject)}</h1>`,
      ...verdict.map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`),
      figures.html,
      ...sections.flatMap(([word, list]) => [
        `<h2 style="font-size:16px">${say(word)}</h2>`,
        ...(list.length > 0 ? list : [say('none')]).map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`),
      ]),
      `<p style="margin-top:20px"><a href="${escaped(address)}" style="color:#0f6b4f">${say('open')}</a></p></div>`,
    ].join('\n'),
    pictures: figures.pictures,
  };
}

function share(value: string, lang: Lang): string {
  return showValue(value, { role: 'measure', label: ['', ''], unit: 'rate' }, { lang, currency: 'CNY' });
}
