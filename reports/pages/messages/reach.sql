/*---
report: 1
title: [消息触达与点击, Reach and clicks of messages]
describe: ["期内各模板的消息发出了多少，多少被点击", "How many messages of each template went out in the period, and how many were followed"]
owner: analytics
params:
  period:  { type: daterange, default: last_12m, label: [入队日期, Queued in] }
  template: { type: text, label: [模板, Template], options: "select distinct template_code, case when :lang = 'en' then template_name_en else template_name end from report.message_days order by 2" }
columns:
  template:   { role: category, label: [模板, Template] }
  message_channel: { role: series, label: [渠道, Channel], labels: { in_site: [站内, In-site], sms: [短信, SMS], email: [邮件, E-mail], push: [APP 推送, Push], wecom: [企业微信, WeCom], community: [社群, Community] } }
  reach:      { role: measure, metric: message_reach }
  click_rate: { role: measure, metric: message_click_rate }
  queued:     { role: weight, metric: messages_queued }
  reached:    { role: measure, metric: messages_reached }
  clicked:    { role: measure, metric: messages_clicked }
chart: { kind: column, x: template, y: reach, color: message_channel }
limits: { rows: 500, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  case when :lang = 'en' then message_days.template_name_en else message_days.template_name end as template,
  message_days.channel as message_channel,
  sum(message_days.reached_count)::numeric / nullif(sum(message_days.queued_count), 0) as reach,
  sum(message_days.clicked_count)::numeric / nullif(sum(message_days.reached_count), 0) as click_rate,
  sum(message_days.queued_count)::bigint as queued,
  sum(message_days.reached_count)::bigint as reached,
  sum(message_days.clicked_count)::bigint as clicked
from report.message_days
where message_days.queued_on >= :period_from
  and message_days.queued_on < :period_to
  and (:template is null or message_days.template_code = :template)
group by message_days.template_name, message_days.template_name_en, message_days.channel
order by queued desc, 1, 2
