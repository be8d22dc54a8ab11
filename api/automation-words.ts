/** What automations do and why not, in words: the kinds of their steps, what comes of one, why a journey ends early. */
import type { Pair } from './contract.ts';
import { REFUSALS } from './coupon-refusals.ts';
import { choices } from './definition.ts';
import { REASONS } from './outbox/channels.ts';

/** What may begin an automation. */
export const TRIGGERS = choices({
  segment_enter: ['进入客群', 'Enters a segment'],
  segment_leave: ['离开客群', 'Leaves a segment'],
  fact: ['发生行为', 'Something happens'],
  birthday: ['生日', 'Birthday'],
  anniversary: ['入会周年', 'Anniversary of enrolment'],
  calendar: ['固定日期', 'On a calendar'],
});

export const TRIGGER_FACTS = choices({
  sign_up: ['入会', 'Enrolment'],
  first_order: ['首单', 'First order'],
  order: ['下单', 'Order'],
  return: ['退货', 'Return'],
  check_in: ['签到', 'Check-in'],
  share: ['分享', 'Share'],
  review: ['评价', 'Review'],
  task_action: ['任务动作', 'Task action'],
});

/** What a step may be; see ops.automation_step. */
export const STEP_KINDS = choices({
  wait: ['等待', 'Wait'],
  condition: ['条件判断', 'Condition'],
  split: ['随机分流', 'Split'],
  coupon: ['发优惠券', 'Issue a coupon'],
  message: ['发消息', 'Send a message'],
  package: ['发权益包', 'Grant a package'],
  benefit: ['发单项权益', 'Grant a benefit'],
  points: ['发积分', 'Give points'],
  add_tag: ['加标签', 'Add a tag'],
  remove_tag: ['去标签', 'Remove a tag'],
  contact: ['人工联系', 'Contact by staff'],
  community: ['社群发布', 'Post in a community'],
});

export const OUTCOMES = choices({
  entered: ['已进入', 'Entered'],
  held_out: ['对照组，不触达', 'Held out'],
  waits: ['等待', 'Waits'],
  met: ['满足', 'Met'],
  not_met: ['不满足', 'Not met'],
  branch_a: ['A 组', 'Branch A'],
  branch_b: ['B 组', 'Branch B'],
  done: ['已完成', 'Done'],
  refused: ['未执行', 'Not done'],
  exited: ['提前退出', 'Left early'],
  finished: ['走完', 'Finished'],
});

/** Why a journey ends before its steps do. */
export const LEFT = choices({
  ordered: ['期间下单', 'They ordered'],
  left_segment: ['离开触发客群', 'They left the segment'],
  customer_gone: ['客户已冻结或匿名', 'The customer is blocked or gone'],
  ended_by_staff: ['自动化被结束', 'It was ended'],
  merged: ['客户被合并', 'The customer was merged'],
});

/** Of what a coupon or a budget answers, that which a step can meet. */
const GIVEN = [
  ...['not_active', 'not_offered', 'not_started', 'wrong_customer', 'customer_limit_reached', 'limit_reached'],
  ...['budget_exhausted', 'no_budget_line', 'budget_not_active', 'outside_budget_period'],
] as const;
const WRITTEN = [
  ...(['customer_unknown', 'customer_not_active', 'template_not_active', 'unknown_variable'] as const),
  ...(['no_consent', 'no_address'] as const),
];

/** Why a step was not done, or a journey ended. Nothing else is answered. */
export const STEP_REASONS: { readonly [reason: string]: Pair } = {
  ...LEFT,
  ...Object.fromEntries(GIVEN.map((reason) => [reason, REFUSALS[reason]!])),
  ...Object.fromEntries(WRITTEN.map((reason) => [reason, REASONS[reason]])),
  not_active: ['未启用或暂停发放', 'It is not given out now'],
  expired: ['已结束', 'It is over'],
  duplicate: ['客户已持有，未重复发放', 'The customer has it already'],
  community_closed: ['社群不在运营中', 'The community is not active'],
};
