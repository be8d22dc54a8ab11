-- After a change of a channel: one of each is in use, and what waited for it goes out.
create function ops.guard_message_adapters(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if after is null then
    if exists (select from app.messages where messages.adapter_id = record_id and messages.state = 'sending') then
      raise exception '正有消息经由此渠道发送 | Messages are being sent this way' using errcode = 'EG409';
    end if;
    delete from app.sealed_secrets
    where sealed_secrets.kind = 'message_adapters'
      and sealed_secrets.record_id = guard_message_adapters.record_id;
    return;
  end if;

  -- Who switches on another one at the same time waits.
  perform pg_advisory_xact_lock(hashtextextended('evergreen message adapters', 0));
  if after ->> 'status' = 'active' and exists (
    select
    from app.message_adapters
    where message_adapters.channel = after ->> 'channel'
      and message_adapters.status = 'active'
      and message_adapters.id <> record_id
  ) then
    raise exception '此渠道已有使用中的接入，请先将其暂停 | Another one is in use for this channel: pause it first'
      using errcode = 'EG422', column = 'status';
  end if;

  if after ->> 'status' = 'active' and before ->> 'status' is distinct from 'active' then
    update app.messages
    set due_at = now()
    where messages.due_at > now()
      and messages.state = 'held'
      and messages.reason = 'channel_off'
      and messages.channel = after ->> 'channel';
  end if;
end;
$$;

comment on function ops.guard_message_adapters(bigint, bigint, jsonb, jsonb) is
  'One of each channel is in use; switching one on wakes what waited for it.';
