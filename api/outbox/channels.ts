/** By what ways customers are reached, and what becomes of a message, in words. */
import { choices } from '../definition.ts';

export const CHANNELS = choices({
  in_site: ['站内', 'In-site'],
  sms: ['短信', 'SMS'],
  email: ['邮件', 'E-mail'],
  push: ['APP 推送', 'Push'],
  wecom: ['企业微信', 'WeCom'],
  community: ['社群', 'Community'],
});
export type Channel = keyof typeof CHANNELS;

/** Those whose messages have a subject beside their text. */
export const WITH_SUBJECT: readonly Channel[] = ['in_site', 'email', 'push'];

export const CATEGORIES = choices({
  marketing: ['营销', 'Marketing'],
  service: ['服务', 'Service'],
});

export const STATES = choices({
  queued: ['待发送', 'Queued'],
  held: ['暂缓', 'Held'],
  sending: ['发送中', 'Being sent'],
  sent: ['已发送', 'Sent'],
  delivered: ['已送达', 'Delivered'],
  failed: ['发送失败', 'Failed'],
  suppressed: ['不发送', 'Suppressed'],
});

/** Why a message waits, or did not go out. Nothing else is answered. */
export const REASONS = choices({
  customer_unknown: ['没有此客户', 'No such customer'],
  customer_not_active: ['客户已冻结或已注销', 'The customer is not active'],
  template_not_active: ['模板未启用', 'The template is not in use'],
  unknown_variable: ['缺少模板需要的变量', 'A variable of the template is missing'],
  no_consent: ['客户未同意此渠道', 'No consent for this channel'],
  no_address: ['没有手机号、邮箱或接收对象', 'No phone, e-mail or recipient'],
  channel_off: ['此渠道尚未接通', 'The channel is not connected'],
  quiet_hours: ['免打扰时段', 'Quiet hours'],
  contact_cap: ['已达触达上限', 'The contact cap is reached'],
  expired: ['暂缓过久，不再发送', 'Held for too long'],
  retrying: ['稍后重试', 'To be tried again'],
  refused: ['对方拒收', 'Refused by the receiver'],
  gave_up: ['多次尝试未成功', 'Given up after several attempts'],
  bounced: ['未能送达', 'Could not be delivered'],
  cancelled: ['已取消', 'Cancelled'],
  anonymised: ['客户已匿名化', 'The customer was anonymised'],
});
