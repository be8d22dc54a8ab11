-- Whoever sends takes some, in a transaction that ends before anything is sent. The customers are locked, so that a withdrawal
-- of consent, an edit or somebody else who sends to them comes before or after: what is asked here holds.
create function ops.claim_messages(of_channel text, how_many integer, at timestamptz)
returns table (
  customer_id bigint,
  id bigint,
  attempt integer,
  test boolean,
  template_id bigint,
  template text,
  adapter_id bigint,
  recipient text,
  customer_no text,
  language text,
  texts jsonb,
  tells jsonb,
  variables jsonb,
  content jsonb
)
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  held app.settings;
  adapter app.message_adapters;
  picked bigint[];
  locked bigint[];
  quiet_ends timestamptz;
  today date;
begin
  select message_adapters.*
  into adapter
  from app.message_adapters
  where message_adapters.channel = of_channel
    and message_adapters.status = 'active';

  -- Many that wait for the end of the night need nobody's lock: holding back is always allowed.
  select settings.* into held from app.settings;
  quiet_ends := ops.quiet_until(claim_messages.at);
  if adapter.id is not null and quiet_ends is not null and of_channel = any (held.contact_channels) then
    update app.messages
    set
      state = 'held',
      reason = 'quiet_hours',
      due_at = quiet_ends
    from (
      select
        messages.customer_id,
        messages.id
      from app.messages
      where messages.channel = of_channel
        and messages.due_at <= claim_messages.at
        and messages.state in ('queued', 'held')
        and messages.expires_at > claim_messages.at
        and (messages.category = 'marketing' or held.quiet_service)
        and not messages.test
      limit 5000
      for update skip locked
    ) as asleep
    where messages.customer_id = asleep.customer_id
      and messages.id = asleep.id;
  end if;

  -- Of those that are looked at some may not go out.
  picked := array(
    select messages.id
    from app.messages
    where messages.channel = of_channel
      and messages.due_at <= claim_messages.at
    order by messages.due_at
    limit case when adapter.id is null then 500 else 4 * how_many end
    for update skip locked
  );
  if cardinality(picked) = 0 then
    return;
  end if;
  locked := array(
    select customers.id
    from app.customers
    where customers.id in (select messages.customer_id from app.messages where messages.id = any (picked))
    order by customers.id
    for no key update skip locked
  );

  -- Read when the customers are locked, like everything that follows: what was changed before counts.
  select settings.* into held from app.settings;
  quiet_ends := ops.quiet_until(claim_messages.at);
  today := (claim_messages.at at time zone held.time_zone)::date;

  return query
  with judged as (
    select
      messages.id,
      messages.customer_id,
      messages.category,
      messages.contact_on,
      messages.test,
      case
        when messages.attempts > 0 and (messages.attempts >= adapter.max_attempts or claim_messages.at > messages.expires_at)
          then 'gave_up'
        -- A test that staff send to an address is nobody's message.
        when messages.test and messages.address is not null then null
        when messages.customer_id <> 0 and customers.status <> 'active' then 'customer_not_active'
        when (messages.category = 'marketing' or held.consent_service) and not case of_channel
          when 'sms' then customers.consent_sms
          when 'email' then customers.consent_email
          when 'push' then customers.consent_push
          when 'wecom' then customers.consent_wecom
          else true
        end then 'no_consent'
        when of_channel = 'sms' and customers.phone is null then 'no_address'
        when of_channel = 'email' and customers.email is null then 'no_address'
        when claim_messages.at > messages.expires_at then 'expired'
      end as refusal,
      case
        when adapter.id is null then 'channel_off'
        when messages.test then null
        when quiet_ends is not null and of_channel = any (held.contact_channels)
          and (messages.category = 'marketing' or held.quiet_service) then 'quiet_hours'
      end as waits
    from app.messages
    left join app.customers
      on customers.id = messages.customer_id
    where messages.id = any (picked)
      and (messages.customer_id = 0 or messages.customer_id = any (locked))
  ),

  -- What goes to one customer in this turn counts too, in the order in which it was queued.
  counted as (
    select
      judged.*,
      of_channel = any (held.contact_channels) and judged.category = 'marketing' and not judged.test as counts,
      row_number() over (
        partition by judged.customer_id, judged.refusal is null and judged.waits is null and judged.category = 'marketing' and not judged.test
        order by judged.contact_on nulls last, judged.id
      ) as place,
      coalesce(sent.in_window, 0) as in_window,
      coalesce(sent.on_day, 0) as on_day
    from judged
    left join lateral (
      select
        count(*) as in_window,
        count(*) filter (where others.contact_on = today) as on_day
      from app.messages as others
      where others.customer_id = judged.customer_id
        and others.contact_on > today - held.contact_cap_days
        and others.channel = any (held.contact_channels)
        and (held.contact_cap_by = 'all' or others.channel = of_channel)
        and not others.id = any (picked)
    ) as sent
      on judged.category = 'marketing' and judged.customer_id <> 0
  ),

  decided as (
    select
      counted.*,
      case
        when counted.refusal is not null then null
        when counted.waits is not null then counted.waits
        when counted.counts
          and (
            counted.in_window + counted.place > held.contact_cap
            or coalesce(counted.on_day + counted.place > held.contact_day_cap, false)
          )
          then 'contact_cap'
      end as held_by
    from counted
  ),

  taken as (
    select
      decided.*,
      decided.refusal is null and decided.held_by is null as sends,
      row_number() over (partition by decided.refusal is null and decided.held_by is null order by decided.id) as turn
    from decided
  ),

  written as (
    update app.messages
    set
      state = case
        when taken.refusal = 'gave_up' then 'failed'
        when taken.refusal is not null then 'suppressed'
        when taken.held_by is not null then 'held'
        else 'sending'
      end,
      reason = coalesce(taken.refusal, taken.held_by),
      due_at = case
        when taken.refusal is not null then null
        when taken.held_by = 'quiet_hours' then quiet_ends
        when taken.held_by = 'contact_cap' then (today + 1)::timestamp at time zone held.time_zone
        when taken.held_by is not null then claim_messages.at + interval '5 minutes'
        else claim_messages.at + make_interval(secs => 2 * adapter.timeout_seconds + 30)
      end,
      attempts = messages.attempts + case when taken.sends then 1 else 0 end,
      claimed_at = case when taken.sends then clock_timestamp() else messages.claimed_at end,
      adapter_id = case when taken.sends then adapter.id else messages.adapter_id end,
      contact_on = case
        when not taken.counts then null
        when taken.sends then today
        -- It may have arrived, as far as anybody knows.
        else messages.contact_on
      end
    from taken
    where messages.customer_id = taken.customer_id
      and messages.id = taken.id
      -- The others stay for the next turn.
      and (not taken.sends or taken.turn <= how_many)
    returning messages.*
  )

  select
    written.customer_id,
    written.id,
    written.attempts,
    written.test,
    written.template_id,
    message_templates.code,
    written.adapter_id,
    case of_channel
      when 'sms' then coalesce(written.address, customers.phone)
      when 'email' then coalesce(written.address, customers.email)
      when 'community' then coalesce(written.address, written.variables ->> 'community')
      else coalesce(written.address, customers.external_id)
    end,
    customers.external_id,
    told.language,
    message_template_versions.texts -> of_channel -> told.language,
    told.tells,
    written.variables,
    written.content
  from written
  inner join app.message_templates
    on message_templates.id = written.template_id
  inner join app.message_template_versions
    on message_template_versions.id = written.version_id
  left join app.customers
    on customers.id = written.customer_id
  inner join ops.message_values(array(select distinct written.customer_id from written)) as told
    on told.customer_id = written.customer_id
  where written.state = 'sending'
  order by written.id;
end;
$$;

comment on function ops.claim_messages(text, integer, timestamptz) is
  'Takes messages of a channel that are due, to be sent now by whoever calls: state sending, until a time after which they are taken to be gone. Consent, quiet hours and caps are asked with the customer locked; what may not go out is held or dropped, with the reason. Marketing retries count as one contact.';
