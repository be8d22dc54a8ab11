/** The head of an alert: what is watched, when it speaks, and whom it tells. */
import { teamOf } from '../../reports/words.ts';
import { howOften, inARow, thresholdWords } from '../alerts/rule-words.ts';
import { readRules } from '../alerts/rules.ts';
import { areaNames } from '../alerts/subscriber.ts';
import type { Deps } from '../context.ts';
import type { Head, HeadCard, HeadValue, Pair } from '../contract.ts';
import type { SubscriptionInput } from '../contract-alerts.ts';
import { f } from '../definition.ts';
import { readProgramme } from '../programme.ts';
import { reportStore } from '../report/store.ts';

interface Alert {
  rule: string;
  report: string | null;
  metric: string;
  area: string;
  owner: string;
  subject_text: string;
  subject_text_en: string;
}

export async function head(deps: Deps, id: number): Promise<Head> {
  const alert = await deps.db
    .selectFrom('app.alerts')
    .select(['rule', 'report', 'metric', 'area', 'owner', 'subject_text', 'subject_text_en'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!alert) return { cards: [] };
  const cards = await Promise.all([watchedCard(deps, alert), ruleCard(deps, alert), tellsCard(deps, alert)]);
  return { cards };
}

async function watchedCard(deps: Deps, alert: Alert): Promise<HeadCard> {
  const { report, metric: code, area, owner, subject_text, subject_text_en } = alert;
  const store = reportStore(deps);
  const { metrics } = await store.metrics();
  const areas = await areaNames(deps);
  const entry = report === null ? null : await store.get(report);
  const title: Pair = entry?.live?.definition.title ?? [report ?? '', report ?? ''];
  const facts: HeadValue[] = [
    ...(subject_text ? [{ label: ['其中', 'Of'] as Pair, text: [subject_text, subject_text_en] as Pair }] : []),
    report === null
      ? { label: ['来自', 'From'], text: ['指标目标', 'Targets of metrics'], to: `/metric_targets?metric=${code}` }
      : { label: ['来自', 'From'], text: title, to: `/reports/${report}` },
    { label: ['分类', 'Area'], text: areas.get(area) ?? [area, area] },
    { label: ['责任方', 'Owner'], text: teamOf(owner) },
  ];
  const label: Pair = ['监控什么', 'What is watched'];
  const text = metrics.get(code)?.label ?? [code, code];
  return { name: 'watched', label, main: { label, text, to: `/reports/metrics/${code}` }, facts };
}

async function ruleCard(deps: Deps, { rule: name }: Alert): Promise<HeadCard> {
  const label: Pair = ['什么时候提醒', 'When it alerts'];
  const [{ reports, targets }, { currency }] = await Promise.all([readRules(deps), readProgramme(deps.db)]);
  const found = [...reports, ...targets].find(({ rule }) => rule.rule === name);
  if (!found) {
    const text: Pair = ['规则已删除，不再检查', 'The rule is gone; nothing is looked at any more'];
    return { name: 'rule', label, main: { label, text }, facts: [] };
  }
  const { rule } = found;
  const [warn, bad] = [thresholdWords(rule, 'warn', currency), thresholdWords(rule, 'bad', currency)];
  const facts: HeadValue[] = [
    ...(warn && bad ? [{ label: ['需要关注', 'Warning'] as Pair, text: warn }] : []),
    { label: ['持续多久', 'For how long'], text: inARow(rule) },
    { label: ['多久检查一次', 'Looked at'], text: howOften('every' in found ? found.every : 1440) },
  ];
  return { name: 'rule', label, main: { label, text: (bad ?? warn)! }, facts };
}

const OFTEN: { [frequency in SubscriptionInput['frequency']]: Pair } = {
  at_once: ['立即通知', 'At once'],
  daily: ['每日汇总', 'Daily digest'],
  weekly: ['每周汇总', 'Weekly digest'],
};

/** How many, not who: other people's subscriptions are their own. */
async function tellsCard({ db }: Deps, { report, metric, area }: Alert): Promise<HeadCard> {
  const told = await db
    .selectFrom('app.subscriptions')
    .select(({ fn }) => ['frequency', fn.count<number>('user_id').distinct().as('people')])
    .where('status', '=', 'active')
    .where(({ eb, or, and }) =>
      or([
        and([eb('about', '=', 'metric'), eb('target', '=', metric)]),
        and([eb('about', '=', 'area'), eb('target', '=', area)]),
        ...(report === null ? [] : [and([eb('about', '=', 'report'), eb('target', '=', report)])]),
      ]),
    )
    .groupBy('frequency')
    .execute();
  const label: Pair = ['通知谁', 'Whom it tells'];
  const page = report === null ? `/reports/metrics/${metric}` : `/reports/${report}`;
  const people = f.integer({ label: ['人数', 'People'] });
  const facts = Object.entries(OFTEN).flatMap(([frequency, name]): HeadValue[] => {
    const found = told.find((each) => each.frequency === frequency);
    return found ? [{ label: name, field: people, value: Number(found.people) }] : [];
  });
  const text: Pair = facts.length > 0 ? ['订阅的人', 'Whoever subscribed'] : ['还没有人订阅', 'Nobody has subscribed'];
  const way: HeadValue = { label: ['想收到通知', 'To be told'], text: ['去订阅', 'Subscribe'], to: page };
  return { name: 'tells', label, main: { label, text }, facts: [...facts, way] };
}
