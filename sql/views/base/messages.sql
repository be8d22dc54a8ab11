create view base.messages as
select
  messages.id,
  nullif(messages.customer_id, 0) as customer_id,
  messages.template_id,
  messages.channel,
  messages.category,
  messages.test,
  messages.state,
  messages.reason,
  messages.content ->> 'subject' as subject,
  messages.content ->> 'body' as body,
  messages.address,
  messages.queued_at,
  case when messages.state in ('queued', 'held') then messages.due_at end as due_at,
  messages.expires_at,
  messages.attempts,
  messages.sent_at,
  messages.delivered_at,
  messages.read_at,
  messages.clicked_at,
  messages.clicks,
  messages.adapter_id,
  messages.error,
  messages.provider_id,
  messages.source,
  messages.external_id
from app.messages;

comment on view base.messages is
  'Messages
One row per message, customer and channel, with what became of it and why.';
