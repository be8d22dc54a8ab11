create view report.message_days as

with messages as (
  select
    messages.template_id,
    messages.channel,
    messages.category,
    messages.state,
    messages.reason,
    messages.customer_id,
    messages.read_at,
    messages.clicked_at,
    (messages.queued_at at time zone settings.time_zone)::date as queued_on
  from app.messages
  cross join app.settings
  where not messages.test
)

select
  messages.queued_on,
  message_templates.code as template_code,
  message_templates.name as template_name,
  message_templates.name_en as template_name_en,
  messages.channel,
  messages.category,
  count(*) as queued_count,
  count(*) filter (where messages.state in ('sent', 'delivered')) as reached_count,
  count(*) filter (where messages.state = 'delivered') as delivered_count,
  count(*) filter (where messages.read_at is not null) as read_count,
  count(*) filter (where messages.clicked_at is not null) as clicked_count,
  count(*) filter (where messages.state = 'failed') as failed_count,
  count(*) filter (where messages.state = 'suppressed') as suppressed_count,
  count(*) filter (where messages.state in ('queued', 'held', 'sending')) as waiting_count
from messages
inner join app.message_templates
  on message_templates.id = messages.template_id
group by messages.queued_on, message_templates.id, messages.channel, messages.category;

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
