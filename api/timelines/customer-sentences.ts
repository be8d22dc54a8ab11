/** One step of a customer's course in words, Chinese and English. What it says was worked out elsewhere; nothing is counted here. */
import type { Json, Pair, TimelineEntry } from '../contract.ts';
import { criterionWords } from '../tier-words.ts';
import { AUTOMATIONS } from './automation-sentences.ts';
import { BEHAVIOUR } from './behaviour-sentences.ts';
import { BENEFITS } from './benefit-sentences.ts';
import { COUPONS } from './coupon-sentences.ts';
import { type Decision, decisionReasons } from './decision-sentences.ts';
import { MESSAGES } from './message-sentences.ts';
import { gained, moved, taken } from './points-words.ts';
import { TASKS } from './task-sentences.ts';
import { amount, count, day, joined, type Money } from './words.ts';

export interface Step {
  kind: string;
  key: string;
  at: string;
  resource: string;
  record_id: number;
  data: { [name: string]: Json };
}
export interface Said {
  text: Pair;
  tone: TimelineEntry['tone'];
  reasons: Pair[];
  by?: string;
}
interface Setting extends Money {
  /** What a field of the customer is called, for who may read it. */
  labelled(field: string): Pair | undefined;
}

export function say(step: Step, setting: Setting): Said {
  return SAYERS[step.kind]!(step.data, setting);
}

const CHANNELS: { [code: string]: Pair } = {
  online: ['线上', 'online'],
  store: ['门店', 'in a store'],
  wecom: ['企业微信', 'through WeCom'],
  referral: ['转介绍', 'through a referral'],
  import: ['导入', 'by import'],
};
export type Sayer = (data: Step['data'], setting: Setting) => Said;

const SAYERS: { [kind: string]: Sayer } = {
  ...AUTOMATIONS,
  ...BEHAVIOUR,
  ...BENEFITS,
  ...COUPONS,
  ...MESSAGES,
  ...TASKS,

  sign_up: (data) => {
    const [zh, en] = CHANNELS[String(data.channel)] ?? ['', ''];
    return {
      text: joined([[`${zh}入会`, `Enrolled ${en}`], gained(data)]),
      tone: 'info',
      reasons: decisionReasons((data.decisions ?? []) as unknown as Decision[]),
    };
  },

  order: (data, money) => {
    const sum = amount(data.amount, money);
    const where = data.channel === 'store' ? (['门店', ' in a store'] as const) : (['', ''] as const);
    const states: { [status: string]: Pair } = {
      placed: [`${where[0]}下单 ${sum}，待付款`, `Ordered for ${sum}${where[1]}, not paid yet`],
      cancelled: [`${where[0]}订单 ${sum} 已取消`, `Order for ${sum} cancelled`],
    };
    const what = states[String(data.status)] ?? [`${where[0]}消费 ${sum}`, `Bought for ${sum}${where[1]}`];
    return {
      text: joined([what, gained(data)]),
      tone: data.status === 'cancelled' ? 'quiet' : 'good',
      reasons: [
        [`订单 ${data.external_id}`, `Order ${data.external_id}`],
        ...decisionReasons((data.decisions ?? []) as unknown as Decision[], money),
        ...moved(data),
      ],
    };
  },

  return: (data, money) => {
    const sum = amount(data.amount, money);
    return {
      text: joined([[`退款 ${sum}`, `Refunded ${sum}`], taken(data)]),
      tone: 'warning',
      reasons: [
        data.waiting
          ? [`订单 ${data.order_external_id} 尚未收到，待匹配`, `Its order ${data.order_external_id} is not known yet`]
          : [`退自订单 ${data.order_external_id}`, `Of order ${data.order_external_id}`],
        ...(data.reason ? [[`原因：${data.reason}`, `Reason: ${data.reason}`] as const] : []),
        ...moved(data),
      ],
    };
  },

  points: ({ what, points, lots }) => {
    const of = Number(lots) > 1 ? ([`（${lots} 批）`, ` (${lots} lots)`] as const) : (['', ''] as const);
    return what === 'expire'
      ? {
          text: [`${count(points)} 积分过期${of[0]}`, `${count(points)} points expired${of[1]}`],
          tone: 'quiet',
          reasons: [['到期日已过，按积分政策清零', 'Their last day had passed']],
        }
      : {
          text: [`${count(points)} 积分生效${of[0]}`, `${count(points)} points became available${of[1]}`],
          tone: 'info',
          reasons: [['待生效期已过', 'They are no longer pending']],
        };
  },

  redemption: (data) => {
    const points = count(data.points);
    const steps: { [step: string]: Pair } = {
      reserve: [`兑换预占 ${points} 积分`, `${points} points reserved`],
      confirm: [`兑换使用 ${points} 积分`, `${points} points spent`],
      cancel: [`兑换取消，退回 ${points} 积分`, `Redemption cancelled, ${points} points back`],
    };
    return {
      text: steps[String(data.step)]!,
      tone: data.step === 'cancel' ? 'warning' : 'info',
      reasons: [
        [`用途：${data.purpose}`, `For: ${data.purpose}`],
        ...(data.reason ? [[`原因：${data.reason}`, `Reason: ${data.reason}`] as const] : []),
        ...moved(data),
      ],
    };
  },

  adjustment: (data) => {
    const given = Number(data.points) > 0;
    const points = count(String(data.points).replace('-', ''));
    return {
      text: data.automated
        ? [`自动化发放 ${points} 积分`, `${points} points given by an automation`]
        : given
          ? [`人工发放 ${points} 积分`, `${points} points given by staff`]
          : [`人工扣减 ${points} 积分`, `${points} points taken by staff`],
      tone: given ? 'good' : 'warning',
      reasons: [[`原因：${data.reason}`, `Reason: ${data.reason}`], ...moved(data)],
      ...(data.by ? { by: String(data.by) } : {}),
    };
  },

  tier: (data) => tierSaid(data),

  segment: ({ rule_set, segment, from_segment }) => {
    const [to, set] = [segment as unknown as Pair, rule_set as unknown as Pair];
    const from = from_segment as unknown as Pair | undefined;
    if (!to) return { text: ['客群变动', 'Another segment'], tone: 'quiet', reasons: [] };
    return {
      text: from
        ? [`客群由“${from[0]}”变为“${to[0]}”`, `Moved from segment “${from[1]}” to “${to[1]}”`]
        : [`进入客群“${to[0]}”`, `Entered segment “${to[1]}”`],
      tone: 'info',
      reasons: set ? [[`按规则集“${set[0]}”`, `By the rule set “${set[1]}”`]] : [],
    };
  },

  staff: (data, { labelled }) => {
    const actions: { [action: string]: Pair } = {
      create: ['新建客户', 'Customer created'],
      update: ['修改客户资料', 'Customer changed'],
      delete: ['删除客户', 'Customer deleted'],
      restore: ['恢复客户', 'Customer restored'],
      import: ['导入客户资料', 'Customer imported'],
      merge_duplicate: ['合并重复客户', 'A duplicate was merged into this customer'],
      merged: ['并入另一客户', 'Merged into another customer'],
      anonymise: ['匿名化', 'Anonymised'],
    };
    // Which fields, never what they held: that is for the history, field by field.
    const names = (data.fields as string[]).map(labelled).filter((label) => label !== undefined);
    const shown = data.action === 'update' || data.action === 'import' ? names.slice(0, 8) : [];
    return {
      text: actions[String(data.action)] ?? ['客户资料变动', 'Customer changed'],
      tone: 'quiet',
      reasons: [
        ...(shown.length > 0
          ? [
              [
                `字段：${shown.map(([zh]) => zh).join('、')}`,
                `Fields: ${shown.map(([, en]) => en).join(', ')}`,
              ] as const,
            ]
          : []),
        ...(data.reason ? [[`原因：${data.reason}`, `Reason: ${data.reason}`] as const] : []),
      ],
      by: String(data.by),
    };
  },

  extension: (data) => {
    const until = day(data.until_on);
    const states: { [state: string]: Pair } = {
      asked: [
        `申请将 ${count(data.points)} 积分延期至 ${until}`,
        `Asked for ${count(data.points)} points to last through ${until}`,
      ],
      applied: [`${count(data.points)} 积分延期至 ${until}`, `${count(data.points)} points last through ${until} now`],
      refused: ['积分延期申请被退回', 'The request for longer validity was refused'],
    };
    return {
      text: states[String(data.step)]!,
      tone: data.step === 'applied' ? 'good' : data.step === 'refused' ? 'warning' : 'info',
      reasons: [
        [`原因：${data.reason}`, `Reason: ${data.reason}`],
        ...(data.note ? [[`审批意见：${data.note}`, `Note: ${data.note}`] as const] : []),
      ],
      ...(data.by ? { by: String(data.by) } : {}),
    };
  },
};

function tierSaid(data: Step['data']): Said {
  const from = data.from_tier as unknown as (string | null)[] | undefined;
  const to = data.to_tier as unknown as Pair;
  const reason = String(data.reason);
  const texts: { [reason: string]: Pair } = {
    enrol: [`成为“${to[0]}”`, `Became “${to[1]}”`],
    upgrade: [`由“${from?.[0]}”升级为“${to[0]}”`, `Rose from “${from?.[1]}” to “${to[1]}”`],
    downgrade: [`由“${from?.[0]}”降级为“${to[0]}”`, `Went from “${from?.[1]}” down to “${to[1]}”`],
    refund: [`由“${from?.[0]}”降级为“${to[0]}”`, `Went from “${from?.[1]}” down to “${to[1]}”`],
    manual: [`人工定级为“${to[0]}”`, `Given “${to[1]}” by staff`],
    correction: [`等级更正为“${to[0]}”`, `Tier corrected to “${to[1]}”`],
  };
  const grade = data.grade as { reason: string; until_on: string | null; by: string | null } | undefined;
  return {
    text: texts[reason] ?? texts.correction!,
    tone: reason === 'downgrade' || reason === 'refund' ? 'warning' : reason === 'upgrade' ? 'good' : 'info',
    reasons: grade ? gradeReasons(grade) : [tierReason(reason), ...asked(reason, data)],
    ...(grade?.by ? { by: grade.by } : {}),
  };
}

function gradeReasons({ reason, until_on }: { reason: string; until_on: string | null }): Pair[] {
  return [
    [`原因：${reason}`, `Reason: ${reason}`],
    ...(until_on ? [[`有效至 ${day(until_on)}`, `Through ${day(until_on)}`] as const] : []),
  ];
}

const TIER_REASONS: { [reason: string]: Pair } = {
  enrol: ['入会时的等级', 'The tier to begin with'],
  upgrade: ['达到门槛', 'The threshold was reached'],
  downgrade: ['有效期（及宽限期）结束时未达保级门槛', 'Not retained when its validity and grace were over'],
  refund: ['退款后不再达标', 'No longer reached after a refund'],
  correction: ['因更早的订单或退货后到，重新评定', 'Worked out again, because something earlier came late'],
};
const tierReason = (reason: string): Pair => TIER_REASONS[reason] ?? [reason, reason];

interface Asked {
  basis: string;
  window_kind: string;
  window_days: number | null;
  enter_at: number | null;
  retain_at: number | null;
}
/** What the tier asked for then. */
function asked(reason: string, data: Step['data']): Pair[] {
  const down = reason === 'downgrade' || reason === 'refund';
  const list = ((data.criteria ?? []) as unknown as Asked[]).flatMap((each): Pair[] => {
    const target = down ? (each.retain_at ?? each.enter_at) : each.enter_at;
    const [zh, en] = criterionWords(each);
    if (target === null || target === undefined) return each.basis === 'segment' ? [[zh, en]] : [];
    return Number(target) > 0 ? [[`${zh}满 ${count(target)}`, `${en} of ${count(target)}`]] : [];
  });
  if (list.length === 0) return [];
  const any = data.criteria_match === 'any';
  return [
    [
      `${down ? '保级' : '升级'}条件：${list.map(([zh]) => zh).join(any ? ' 或 ' : '，且')}`,
      `${down ? 'To keep it' : 'To reach it'}: ${list.map(([, en]) => en).join(any ? ' or ' : ' and ')}`,
    ],
  ];
}
