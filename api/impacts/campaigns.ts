/**
 * What a campaign would do, before it is approved: whom it is for, when it takes place next, and what stands in its way:
 * campaigns that exclude it for the same customers, more messages than customers are to get, coupons and budgets that will
 * not do.
 */
import { sql } from 'kysely';
import { audienceCondition } from '../campaign-audience.ts';
import type { Caller, Deps } from '../context.ts';
import type { Impact, Row } from '../contract.ts';
import { dayIn, readProgramme } from '../programme.ts';
import { occurrences, type Recurrence } from '../recurrence.ts';
import { momentOf, segmentFacts } from '../segment-rules.ts';
import { type VisibleCustomers, visibleCustomers } from '../visible-customers.ts';

const AHEAD_DAYS = 365;
const CONTACT_DAYS = 90;
const SHOWN = 20;

interface Overlap {
  campaign_id: number;
  name: string;
  name_en: string;
  status: string;
  from_on: string;
  to_on: string;
  times: number;
  clashes: boolean;
  /** Customers in both audiences today. */
  shared: number;
}
type Line = Impact['lines'][number];

export async function impact(
  deps: Deps,
  { id, values, caller }: { id: number | null; values: Row; caller: Caller },
): Promise<Impact> {
  const started = performance.now();
  const { time_zone } = await readProgramme(deps.db);
  const today = dayIn(time_zone, new Date());
  const campaign = JSON.stringify({ ...values, id });
  const overlaps = await readOverlaps(deps, { campaign, today });
  const seen = await visibleCustomers(deps, caller);
  const { audience, shared } = await countCustomers(deps, { values, overlaps, today, time_zone, seen });
  const found = overlaps.map((each, at) => ({ ...each, shared: shared[at] ?? 0 })).filter((each) => each.shared > 0);
  const clashes = found.filter((each) => each.clashes);
  const troubles = [
    ...clashes.map(clashLine),
    ...(await contactLines(deps, { campaign, today })),
    ...(await couponLines(deps, values, audience)),
    ...(await budgetLines(deps, campaign)),
  ];
  return {
    lines: [
      ...timeLines(values, today),
      ...seen.lines,
      audienceLine(values, { audience, today }),
      ...troubles,
      ...(troubles.length === 0 ? [NO_TROUBLE] : []),
      ...(hasTiers(values) ? [TIERS_LATER] : []),
    ],
    tables: found.length > 0 ? [overlapTable(found)] : [],
    took_ms: Math.round(performance.now() - started),
  };
}

async function readOverlaps(deps: Deps, { campaign, today }: { campaign: string; today: string }): Promise<Overlap[]> {
  const { rows } = await sql<Overlap>`
    select beside.*
    from ops.campaign_overlaps(${campaign}::jsonb, ${today}::date, ${today}::date + ${AHEAD_DAYS}::integer) as beside
    order by beside.clashes desc, beside.from_on, beside.campaign_id
    limit ${SHOWN}`.execute(deps.db);
  return rows;
}

/** One pass over the customers: those of the campaign, and of them those of each campaign beside it. */
async function countCustomers(
  deps: Deps,
  asked: { values: Row; overlaps: readonly Overlap[]; today: string; time_zone: string; seen: VisibleCustomers },
): Promise<{ audience: number; shared: number[] }> {
  const { values, overlaps, today, time_zone, seen } = asked;
  const scope = { resources: deps.resources, moment: momentOf(today, time_zone) };
  const ids = overlaps.map((each) => each.campaign_id);
  const others = await deps.db
    .selectFrom('app.campaigns')
    .select(['id', 'segments', 'audience_filter'])
    .where('id', 'in', ids.length > 0 ? ids : [0])
    .execute();
  const own = audienceCondition(values, scope);
  const each = overlaps.map(({ campaign_id }) => {
    const other = others.find((row) => row.id === campaign_id) as unknown as Row | undefined;
    return sql<number>`count(*) filter (where ${audienceCondition(other ?? {}, scope)})`;
  });
  const row = await deps.db
    .selectFrom(segmentFacts(today))
    .select([
      sql<number>`count(*)`.as('audience'),
      sql<number[]>`array[${sql.join(each.length > 0 ? each : [sql`0`])}]::bigint[]`.as('shared'),
    ])
    .where(own)
    .where(seen.condition)
    .executeTakeFirstOrThrow();
  return { audience: Number(row.audience), shared: row.shared.map(Number) };
}

/** Days on which customers would get more messages than they are to get. */
async function contactLines(deps: Deps, { campaign, today }: { campaign: string; today: string }): Promise<Line[]> {
  const { contact_cap: cap, contact_cap_days: days } = await deps.db
    .selectFrom('app.settings')
    .select(['contact_cap', 'contact_cap_days'])
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ starts_on: string; messages: number }>`
    select contacts.starts_on, contacts.messages
    from ops.campaign_contacts(${campaign}::jsonb, ${today}::date, ${today}::date + ${CONTACT_DAYS}::integer, ${days}::integer) as contacts
    where contacts.messages > ${cap}
    order by contacts.messages desc, contacts.starts_on
    limit 3`.execute(deps.db);
  return rows.map(({ starts_on, messages }) => ({
    text: [
      `截至 ${starts_on} 的 ${days} 天内，同一客户最多会收到 ${messages} 条消息，超过上限 ${cap} 条`,
      `In the ${days} days up to ${starts_on} one customer may get ${messages} messages; the cap is ${cap}`,
    ],
    tone: 'warning' as const,
  }));
}

/** Coupons that are not given out, or of which there are fewer than customers. */
async function couponLines(deps: Deps, values: Row, audience: number): Promise<Line[]> {
  const ids = Array.isArray(values.coupons) ? (values.coupons as number[]) : [];
  if (ids.length === 0) return [];
  const coupons = await deps.db
    .selectFrom('app.coupon_templates')
    .select(['name', 'name_en', 'status', 'total_limit'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute();
  return coupons.flatMap(({ name, name_en, status, total_limit }): Line[] => {
    if (status !== 'active')
      return [
        {
          text: [`优惠券“${name}”目前不可发放`, `The coupon “${name_en}” is not given out at present`],
          tone: 'warning',
        },
      ];
    if (total_limit === null || total_limit >= audience) return [];
    return [
      {
        text: [
          `优惠券“${name}”总量 ${grouped(total_limit)} 张，少于目标客户 ${grouped(audience)} 人`,
          `There are ${grouped(total_limit)} of the coupon “${name_en}” for ${grouped(audience)} customers`,
        ],
        tone: 'warning',
      },
    ];
  });
}

/** A budget that is not in force, not for these days, or not enough for everything planned from it. */
async function budgetLines(deps: Deps, campaign: string): Promise<Line[]> {
  const { rows } = await sql<{
    name: string;
    name_en: string;
    status: string;
    over: string | null;
    planned: string;
    outside: boolean;
  }>`
    select
      budget.name,
      budget.name_en,
      budget.status,
      to_char(nullif(budget.over_amount, 0), 'FM999,999,999,990.00') as over,
      to_char(budget.planned_amount, 'FM999,999,999,990.00') as planned,
      budget.outside
    from ops.campaign_budget(${campaign}::jsonb) as budget`.execute(deps.db);
  return rows.flatMap(({ name, name_en, status, over, planned, outside }) => {
    const lines: Line[] = [];
    const say = (tone: Line['tone'], zh: string, en: string) => lines.push({ text: [zh, en], tone });
    if (over)
      say(
        'bad',
        `从“${name}”计划支出的活动合计 ${planned}，超出剩余预算 ${over}`,
        `Campaigns plan to take ${planned} from “${name_en}”, ${over} more than is left`,
      );
    if (status !== 'active') say('warning', `预算“${name}”尚未启用`, `The budget “${name_en}” is not in force`);
    if (outside) say('warning', `开始日不在预算“${name}”的期间内`, `It begins outside the period of “${name_en}”`);
    return lines;
  });
}

function timeLines(values: Row, today: string): Line[] {
  const starts_on = String(values.starts_on);
  const first = { starts_on, ends_on: String(values.ends_on ?? starts_on) };
  const rule: Recurrence = {
    repeat: values.repeat as Recurrence['repeat'],
    interval: values.repeat_interval as number | null,
    weekdays: values.repeat_weekdays as string[] | null,
    until: values.repeat_until as string | null,
  };
  const until = `${Number(today.slice(0, 4)) + 3}${today.slice(4)}`.replace('-02-29', '-02-28');
  const next = occurrences(first, rule, { from: today, to: until }, 4);
  if (next.length === 0) return [{ text: ['活动的所有日期都已过去', 'All of its days are past'], tone: 'bad' }];
  const days = next.map((each) =>
    each.starts_on === each.ends_on ? each.starts_on : `${each.starts_on} – ${each.ends_on}`,
  );
  return [{ text: [`接下来：${days.join('、')}`, `Next: ${days.join(', ')}`], tone: 'info' }];
}

function audienceLine(values: Row, { audience, today }: { audience: number; today: string }): Line {
  // Whole customers, as the draw of the holdout takes them; the share travels as text.
  const holdout = Math.floor(audience * Number(values.holdout_rate ?? 0));
  const left =
    holdout > 0
      ? ([`，其中对照组约 ${grouped(holdout)} 人`, `, about ${grouped(holdout)} of them held out`] as const)
      : (['', ''] as const);
  return {
    text: [
      `截至 ${today} 有 ${grouped(audience)} 位目标客户${left[0]}`,
      `As of ${today} it is for ${grouped(audience)} customers${left[1]}`,
    ],
    tone: audience === 0 ? 'bad' : 'info',
  };
}

function clashLine({ name, name_en, from_on, to_on, shared, status }: Overlap): Line {
  const one = from_on === to_on;
  const [zh, en] = one ? [from_on, `on ${from_on}`] : [`${from_on} 至 ${to_on} `, `from ${from_on} to ${to_on}`];
  return {
    text: [
      `与“${name}”互斥，${zh}重叠，共同客户 ${grouped(shared)} 人`,
      `It excludes “${name_en}”: both take place ${en}, for ${grouped(shared)} customers in common`,
    ],
    tone: status === 'review' ? 'warning' : 'bad',
  };
}

const NO_TROUBLE: Line = {
  text: [
    '没有发现与其他活动、触达频次、优惠券或预算的冲突',
    'No conflict with other campaigns, the cap on contacts, coupons or the budget',
  ],
  tone: 'good',
};
const TIERS_LATER: Line = {
  text: ['人数按客群与条件估算，未计入会员等级', 'Numbers are by segment and condition; tiers are not counted'],
  tone: 'info',
};

function hasTiers({ tiers }: Row): boolean {
  return Array.isArray(tiers) && tiers.length > 0;
}

function overlapTable(overlaps: readonly Overlap[]): Impact['tables'][number] {
  return {
    title: ['同期活动', 'Campaigns at the same time'],
    columns: [
      { name: 'name', label: ['活动', 'Campaign'], unit: 'text' },
      { name: 'days', label: ['首次重叠', 'First common days'], unit: 'text' },
      { name: 'times', label: ['一年内次数', 'Times in a year'], unit: 'count' },
      { name: 'shared', label: ['共同客户', 'Customers in common'], unit: 'count' },
      { name: 'clashes', label: ['互斥', 'Exclusive'], unit: 'text' },
    ],
    rows: overlaps.map((each) => ({
      name: [each.name, each.name_en],
      days: each.from_on === each.to_on ? each.from_on : `${each.from_on} – ${each.to_on}`,
      times: Number(each.times),
      shared: each.shared,
      clashes: each.clashes ? ['是', 'Yes'] : ['否', 'No'],
    })),
  };
}

function grouped(count: number): string {
  return new Intl.NumberFormat('en-US').format(count);
}
