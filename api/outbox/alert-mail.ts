/** What a subscriber is told, as an e-mail: the notices, the figures of a digest, and where to read on or to leave. */
import { showValue } from '../../reports/cell-value.ts';
import { told as inWords, teamOf } from '../../reports/words.ts';
import type { Told } from '../alerts/digest.ts';
import type { Lang, Pair } from '../contract.ts';
import type { AlertNotice } from '../contract-alerts.ts';
import { type MailPicture, mailFigures } from './mail-figures.ts';
import { escaped, MAIL_STYLE, tableRow } from './mail-look.ts';

const WORDS = {
  alert: ['提醒', 'Alert'],
  digest: ['订阅汇总', 'Digest'],
  warn: ['需要关注', 'Warning'],
  bad: ['异常', 'Bad'],
  no_data: ['没有数据', 'No data'],
  error: ['无法计算', 'Cannot be computed'],
  recovered: ['已恢复', 'Recovered'],
  value: ['数值', 'Value'],
  threshold: ['阈值', 'Threshold'],
  of: ['周期', 'Period'],
  owner: ['责任方', 'Owner'],
  since: ['时间', 'At'],
  quiet: ['这段时间没有新的提醒', 'Nothing happened meanwhile'],
  more: ['另有 {n} 行', '{n} more rows'],
  open: ['在控制台中查看', 'Open in the console'],
  alerts: ['全部提醒', 'All alerts'],
  leave: ['退订', 'Unsubscribe'],
} as const satisfies { [word: string]: Pair };
type Word = keyof typeof WORDS;

const COLOURS: { [notice in AlertNotice['notice']]: string } = {
  bad: '#c0392b',
  error: '#c0392b',
  warn: '#b26a00',
  no_data: '#66726c',
  recovered: '#0f6b4f',
};

export interface AlertMail {
  subject: string;
  text: string;
  html: string;
  pictures: MailPicture[];
}

/** @param options.base the console's address; leave: where the subscription ends */
export async function alertMail(
  told: Told,
  {
    lang,
    programme,
    base,
    leave,
    time_zone,
  }: { lang: Lang; programme: Pair; base: string; leave: string; time_zone: string },
): Promise<AlertMail> {
  const pick = (pair: Pair) => pair[lang === 'zh' ? 0 : 1];
  const say = (word: Word, n = 0) => pick(WORDS[word]).replace('{n}', String(n));
  const [first] = told.notices;
  const subject = [
    pick(programme),
    told.digest || !first
      ? inWords(lang, say('digest'), pick(told.title))
      : `${say(first.notice)} · ${named(first, pick)}`,
  ].join(' · ');
  const rows = told.notices.map((notice) => noticeRow(notice, { lang, told, base, say, pick, time_zone }));
  const figures = await mailFigures(told.metrics, { lang, currency: told.currency });
  const { table } = told;
  const page = `${base}${told.path}`;
  const html = [
    `<div lang="${lang}" style="${MAIL_STYLE}">`,
    `<h1 style="font-size:20px">${escaped(subject)}</h1>`,
    rows.length > 0
      ? `<table style="border-collapse:collapse;margin:16px 0">${rows.map(({ html: row }) => row).join('')}</table>`
      : `<p>${say('quiet')}</p>`,
    figures.html,
    table
      ? [
          '<table style="border-collapse:collapse;margin:16px 0">',
          tableRow(table.head.map((cell) => `<span style="color:#66726c">${escaped(cell)}</span>`)),
          ...table.rows.map((row) => tableRow(row.map(escaped))),
          '</table>',
          table.more > 0 ? `<p style="color:#66726c">${say('more', table.more)}</p>` : '',
        ].join('')
      : '',
    `<p style="margin-top:20px"><a href="${escaped(page)}" style="color:#0f6b4f">${say('open')}</a>`,
    ` · <a href="${escaped(base)}/alerts" style="color:#0f6b4f">${say('alerts')}</a>`,
    ` · <a href="${escaped(leave)}" style="color:#66726c">${say('leave')}</a></p></div>`,
  ].join('\n');
  const text = [
    subject,
    '',
    ...(rows.length > 0 ? rows.map((row) => row.text) : [say('quiet')]),
    ...(figures.lines.length > 0 ? ['', ...figures.lines] : []),
    ...(table ? ['', table.head.join(' | '), ...table.rows.map((row) => row.join(' | '))] : []),
    '',
    `${say('open')}: ${page}`,
    `${say('leave')}: ${leave}`,
  ].join('\n');
  return { subject, text, html, pictures: figures.pictures };
}

function named({ name, subject }: AlertNotice, pick: (pair: Pair) => string): string {
  return [pick(name), pick(subject)].filter(Boolean).join(' · ');
}

interface Speaker {
  lang: Lang;
  say: (word: Word, n?: number) => string;
  pick: (pair: Pair) => string;
}

function noticeRow(
  notice: AlertNotice,
  { lang, told, base, say, pick, time_zone }: Speaker & { told: Told; base: string; time_zone: string },
): { html: string; text: string } {
  const show = (amount: string | null) =>
    showValue(amount, { role: 'measure', label: ['', ''], unit: notice.unit }, { lang, currency: told.currency });
  const parts = [
    ...(notice.bucket_on ? [`${say('of')} ${notice.bucket_on}`] : []),
    ...(notice.value !== null ? [`${say('value')} ${show(notice.value)}`] : []),
    ...(notice.threshold !== null ? [`${say('threshold')} ${show(notice.threshold)}`] : []),
    `${say('owner')} ${pick(teamOf(notice.owner))}`,
    `${say('since')} ${new Date(notice.happened_at).toLocaleString('sv-SE', { timeZone: time_zone }).slice(0, 16)}`,
    ...(notice.note ? [inLanguage(notice.note, lang)] : []),
  ];
  const address = `${base}/alerts/${notice.alert_id}`;
  return {
    html: tableRow([
      `<b style="color:${COLOURS[notice.notice]}">${say(notice.notice)}</b>`,
      `<a href="${escaped(address)}" style="color:#1d2a25"><b>${escaped(named(notice, pick))}</b></a><br><span style="color:#66726c;white-space:normal">${escaped(parts.join(' · '))}</span>`,
    ]),
    text: `[${say(notice.notice)}] ${named(notice, pick)} · ${parts.join(' · ')}\n${address}`,
  };
}

/** What was kept as 中文 | English. */
function inLanguage(text: string, lang: Lang): string {
  const [zh, en] = text.split(' | ');
  return en === undefined ? text : lang === 'zh' ? zh! : en;
}
