create function ops.note_message(
  message bigint,
  attempt integer,
  outcome text,
  at timestamptz,
  said text default null,
  number text default null,
  retry_seconds integer default null
)
returns text
language sql
volatile
begin atomic
  update app.messages
  set
    state = case
      when outcome in ('sent', 'delivered') then outcome
      when outcome = 'refused' then 'failed'
      when messages.attempts >= message_adapters.max_attempts then 'failed'
      else 'queued'
    end,
    reason = case
      when outcome in ('sent', 'delivered') then null
      when outcome = 'refused' then 'refused'
      when messages.attempts >= message_adapters.max_attempts then 'gave_up'
      else 'retrying'
    end,
    due_at = case
      when outcome in ('unsent', 'unclear') and messages.attempts < message_adapters.max_attempts
        then note_message.at + make_interval(secs => greatest(
          coalesce(note_message.retry_seconds, 0),
          least(message_adapters.retry_seconds * power(2, messages.attempts - 1), 21600)
        ))
    end,
    sent_at = case when outcome in ('sent', 'delivered') then note_message.at end,
    delivered_at = case when outcome = 'delivered' then note_message.at end,
    provider_id = coalesce(note_message.number, messages.provider_id),
    error = note_message.said,
    -- What certainly did not arrive was no contact.
    contact_on = case when outcome in ('refused', 'unsent') then null else messages.contact_on end
  from app.message_adapters
  where messages.id = message
    and messages.state = 'sending'
    and messages.attempts = attempt
    and message_adapters.id = messages.adapter_id
  returning messages.state;
end;

comment on function ops.note_message(bigint, integer, text, timestamptz, text, text, integer) is
  'What an attempt came to: sent, delivered, refused (never again), unsent or unclear (again, after a pause that doubles). Nothing when the message is no longer in the hands of that attempt. Returns its state.';
