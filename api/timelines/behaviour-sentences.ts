/** What a customer did beside buying, in words: what can earn, and what they had to do with campaigns. */
import type { Json, Pair } from '../contract.ts';
import { EVENT_KINDS } from '../facts/fields.ts';
import type { Said, Sayer, Step } from './customer-sentences.ts';
import { type Decision, decisionReasons } from './decision-sentences.ts';
import { gained, moved, taken } from './points-words.ts';
import { joined } from './words.ts';

export const BEHAVIOUR: { [kind: string]: Sayer } = {
  event: (data, money): Said => {
    if (data.event === 'unsold')
      return {
        text: joined([['分享带来的订单被退货', 'What a share had sold came back'], taken(data)]),
        tone: 'warning',
        reasons: moved(data),
      };
    return {
      text: joined([done(data), gained(data), taken(data)]),
      tone: data.earned || data.growth ? 'good' : 'info',
      reasons: [
        ...about(data),
        ...decisionReasons((data.decisions ?? []) as unknown as Decision[], money),
        ...moved(data),
      ],
    };
  },

  campaign: (data): Said => {
    const [zh, en] = (data.campaign as unknown as Pair | undefined) ?? [
      String(data.campaign_code),
      String(data.campaign_code),
    ];
    const [kind, kind_en] = EVENT_KINDS[String(data.event)] ?? [String(data.event), String(data.event)];
    return {
      text: [`${kind}：活动“${zh}”`, `${kind_en}: campaign “${en}”`],
      tone: data.turned_away ? 'quiet' : 'info',
      reasons: [...about(data), ...away(data.turned_away)],
    };
  },
};

const DONE: { [kind: string]: Pair } = {
  check_in: ['签到', 'Checked in'],
  share: ['分享', 'Shared'],
  review: ['评价', 'Reviewed'],
  task_action: ['完成任务', 'Did a task'],
};

function done({ event, rating, task_code, order, goods }: Step['data']): Pair {
  const [zh, en] = DONE[String(event)] ?? [String(event), String(event)];
  if (event === 'task_action') return [`${zh} ${task_code}`, `${en}: ${task_code}`];
  if (event === 'review')
    return [`${zh}${goods ? `“${goods}”` : ''} ${rating} 星`, `${en}${goods ? ` “${goods}”` : ''} with ${rating} of 5`];
  if (event === 'share' && order) return ['分享带来了订单', 'Shared, which led to an order'];
  return goods ? [`${zh}“${goods}”`, `${en} “${goods}”`] : [zh, en];
}

function about({ order, channel, subject, campaign, event }: Step['data']): Pair[] {
  const named = campaign as unknown as Pair | undefined;
  return [
    ...(order ? [[`订单 ${order}`, `Order ${order}`] as const] : []),
    ...(named && event && DONE[String(event)] ? [[`活动：${named[0]}`, `Campaign: ${named[1]}`] as const] : []),
    ...(channel ? [[`渠道：${channel}`, `Channel: ${channel}`] as const] : []),
    ...(subject ? [[`内容：${subject}`, `About: ${subject}`] as const] : []),
  ];
}

function away(reason: Json | undefined): Pair[] {
  if (reason === 'held_out') return [['在活动的对照组中', 'Left out by the campaign, to compare with']];
  if (reason === 'not_in_audience') return [['不属于活动受众', 'Not who the campaign is for']];
  return [];
}
