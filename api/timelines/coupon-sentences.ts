/** What became of a customer's coupons, in words: received, activated, redeemed, given back, ended, refused. */
import type { Json, Pair } from '../contract.ts';
import { REFUSALS } from '../coupon-refusals.ts';
import type { Said, Sayer } from './customer-sentences.ts';
import { amount, day } from './words.ts';

const SOURCES: { [start: string]: Pair } = {
  task: ['完成任务获得', 'For a task'],
  automation: ['自动化流程发放', 'By an automation'],
  reward: ['积分兑换', 'For points'],
  benefit: ['使用权益获得', 'By a benefit'],
  console: ['人工发放', 'Given by staff'],
};
const STATUS: { [status: string]: Pair } = {
  issued: ['待领取', 'To be claimed'],
  waiting: ['等待补码', 'Waits for a code'],
  inactive: ['待激活', 'Not active yet'],
};
const ENDED: { [why: string]: Pair } = {
  not_activated: ['未在期限内激活', 'It was not activated in time'],
  timeout: ['预占超时', 'The reservation ran out'],
  order_over: ['订单已取消或全部退货', 'The order was cancelled or came back whole'],
};
const ASKED: { [what: string]: Pair } = {
  issue: ['未发放优惠券', 'Was not given the coupon'],
  claim: ['未能领取优惠券', 'Could not claim the coupon'],
  reserve: ['未能使用优惠券', 'Could not use the coupon'],
  order: ['订单所填的优惠券未核销', 'An order named a coupon that was not redeemed:'],
};

export const COUPONS: { [kind: string]: Sayer } = {
  coupon: (data, money): Said => {
    const [zh, en] = (data.coupon as unknown as Pair | null) ?? ['', ''];
    const until: Pair[] = data.valid_until_at
      ? [[`有效至 ${day(data.valid_until_at)}`, `Valid until ${day(data.valid_until_at)}`]]
      : [];
    switch (data.step) {
      case 'received': {
        const source = SOURCES[String(data.source).split(':')[0]!];
        const status = STATUS[String(data.status)];
        return {
          text: [`获得优惠券“${zh}”`, `Got the coupon “${en}”`],
          tone: 'good',
          reasons: [...(source ? [source] : []), ...(status ? [status] : until), ...noted('备注', 'Note', data.note)],
        };
      }
      case 'activated':
        return { text: [`优惠券“${zh}”已激活`, `The coupon “${en}” became active`], tone: 'good', reasons: until };
      case 'redeemed': {
        const off: Pair[] =
          data.discount && Number(data.discount) > 0
            ? [[`减免 ${amount(data.discount, money)}`, `${amount(data.discount, money)} off`]]
            : [];
        return {
          text: [`使用优惠券“${zh}”`, `Used the coupon “${en}”`],
          tone: 'info',
          reasons: [
            ...off,
            ...(data.free_shipping === true ? [['免运费', 'Free shipping'] as const] : []),
            ...noted('赠品', 'Gift', data.gift),
            ...noted('订单', 'Order', data.order),
          ],
        };
      }
      case 'given_back':
        return {
          text: [`优惠券“${zh}”已退回`, `The coupon “${en}” was given back`],
          tone: 'warning',
          reasons: why(data.reason),
        };
      case 'refused': {
        const [asked, asked_en] = ASKED[String(data.asked)] ?? ['', ''];
        return {
          text: [`${asked}${zh ? `“${zh}”` : ''}`, `${asked_en}${en ? ` “${en}”` : ''}`],
          tone: 'warning',
          reasons: [REFUSALS[String(data.refusal)] ?? [String(data.refusal), String(data.refusal)]],
        };
      }
      default:
        return {
          text:
            data.step === 'void'
              ? [`优惠券“${zh}”已作废`, `The coupon “${en}” was made void`]
              : [`优惠券“${zh}”已过期`, `The coupon “${en}” expired`],
          tone: 'quiet',
          reasons: why(data.reason),
        };
    }
  },
};

function noted(zh: string, en: string, value: Json | undefined): Pair[] {
  return value ? [[`${zh}：${value}`, `${en}: ${value}`]] : [];
}

function why(reason: Json | undefined): Pair[] {
  return reason ? [ENDED[String(reason)] ?? [`原因：${reason}`, `Reason: ${reason}`]] : [];
}
