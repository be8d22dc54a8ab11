/** What others can be told of. Each is noted where it happens (triggers tell_… of the tables), in the same transaction. */
import { choices } from '../definition.ts';

export const TOPICS = choices({
  'tier.changed': ['等级变动', 'Tier changed'],
  'points.changed': ['积分变动', 'Points moved'],
  'coupon.issued': ['优惠券发放', 'Coupon issued'],
  'coupon.redeemed': ['优惠券核销', 'Coupon redeemed'],
  'coupon.ended': ['优惠券过期或作废', 'Coupon expired or void'],
  'tags.changed': ['标签变动', 'Tags changed'],
  'message.changed': ['消息状态', 'Message sent or not'],
});
