create view report.message_days as

-- What is added to the days and what still waits to be is the whole at any moment.
with days as (
  select
    message_day.day,
    message_day.template_id,
    message_day.channel,
    message_day.category,
    message_day.queued_count,
    message_day.reached_count,
    message_day.delivered_count,
    message_day.read_count,
    message_day.clicked_count,
    message_day.failed_count,
    message_day.suppressed_count,
    message_day.waiting_count
  from app.message_day
  union all
  select
    message_day_changes.day,
    message_day_changes.template_id,
    message_day_changes.channel,
    message_day_changes.category,
    message_day_changes.queued_count,
    message_day_changes.reached_count,
    message_day_changes.delivered_count,
    message_day_changes.read_count,
    message_day_changes.clicked_count,
    message_day_changes.failed_count,
    message_day_changes.suppressed_count,
    message_day_changes.waiting_count
  from app.message_day_changes
),

sums as (
  select
    days.day,
    days.template_id,
    days.channel,
    days.category,
    sum(days.queued_count)::bigint as queued_count,
    sum(days.reached_count)::bigint as reached_count,
    sum(days.delivered_count)::bigint as delivered_count,
    sum(days.read_count)::bigint as read_count,
    sum(days.clicked_count)::bigint as clicked_count,
    sum(days.failed_count)::bigint as failed_count,
    sum(days.suppressed_count)::bigint as suppressed_count,
    sum(days.waiting_count)::bigint as waiting_count
  from days
  group by days.day, days.template_id, days.channel, days.category
)

select
  sums.day as queued_on,
  message_templates.code as template_code,
  message_templates.name as template_name,
  message_templates.name_en as template_name_en,
  sums.channel,
  sums.category,
  sums.queued_count,
  sums.reached_count,
  sums.delivered_count,
  sums.read_count,
  sums.clicked_count,
  sums.failed_count,
  sums.suppressed_count,
  sums.waiting_count
from sums
inner join app.message_templates
  on message_templates.id = sums.template_id
where sums.queued_count > 0;

comment on view report.message_days is
  '每日消息 / Messages by day
One row per programme day of queueing, template and channel. Tests are left out.';

comment on column report.message_days.queued_on is
  '入队日期 / Queued on
Programme day on which the messages were queued.';
comment on column report.message_days.template_code is
  '模板编码 / Template code
Code of the template.';
comment on column report.message_days.template_name is
  '模板 / Template
Chinese name of the template.';
comment on column report.message_days.template_name_en is
  '模板（英文） / Template (English)
English name of the template.';
comment on column report.message_days.channel is
  '渠道 / Channel
in_site, sms, email, push, wecom or community.';
comment on column report.message_days.category is
  '类别 / Category
marketing or service.';
comment on column report.message_days.queued_count is
  '消息数 / Messages
All that were queued, also those that were not sent.';
comment on column report.message_days.reached_count is
  '已发出 / Sent
Taken over by the provider or the mail server, or delivered.';
comment on column report.message_days.delivered_count is
  '已送达 / Delivered
Said to have arrived, or there in the inbox.';
comment on column report.message_days.read_count is
  '已阅读 / Read
Read by the customer, as far as it was told.';
comment on column report.message_days.clicked_count is
  '有点击 / Clicked
Messages of which a link was followed at least once.';
comment on column report.message_days.failed_count is
  '失败 / Failed
Refused, given up or bounced.';
comment on column report.message_days.suppressed_count is
  '不发送 / Suppressed
Not sent: no consent, no address, held for too long and the like.';
comment on column report.message_days.waiting_count is
  '待发送 / Waiting
Queued, held or being sent.';
