-- One insert for everybody: what may not be sent is a row too, and says why. Asked again it answers the same.
create function ops.queue_messages(
  template bigint,
  customers bigint[],
  source text,
  external_ids text[],
  variables jsonb[],
  at timestamptz,
  only_channels text[] default null
)
returns table (customer_id bigint, external_id text, message_id bigint, refusal text)
language plpgsql
volatile
-- So that the planner sees how many they are.
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  held constant app.settings := (select settings from app.settings);
  version app.message_template_versions;
  -- Known of nobody in particular or of many: nobody is asked for one by one.
  quiet_ends constant timestamptz := ops.quiet_until(queue_messages.at);
  today constant date := (queue_messages.at at time zone held.time_zone)::date;
  tomorrow constant timestamptz := (today + 1)::timestamp at time zone held.time_zone;
  expires constant timestamptz := queue_messages.at + make_interval(hours => held.message_hold_hours);
  marketing boolean;
  asks_consent boolean;
  active_channels constant text[] := array(select message_adapters.channel from app.message_adapters where message_adapters.status = 'active');
  capped boolean;
  wanted constant bigint := cardinality(queue_messages.customers);
begin
  if wanted <> cardinality(queue_messages.external_ids)
    or cardinality(queue_messages.variables) not in (0, wanted) then
    raise exception 'customers, external_ids and variables are of different length';
  end if;
  -- Whoever deletes the template waits, and finds the messages.
  perform
  from app.message_templates
  where message_templates.id = queue_messages.template
  for key share;
  select message_template_versions.*
  into version
  from app.message_template_versions
  where message_template_versions.template_id = queue_messages.template
  order by message_template_versions.number desc
  limit 1;
  if not found then
    raise exception '没有此消息模板 | There is no such message template' using errcode = 'EG422', column = 'template';
  end if;
  if version.channels && only_channels then
    version.channels := array(select unnest(version.channels) intersect select unnest(only_channels));
  end if;
  marketing := version.category = 'marketing';
  asks_consent := marketing or held.consent_service;
  capped := marketing and exists (
    select
    from app.messages
    where messages.contact_on > today - held.contact_cap_days
  );

  with asked as (
    select
      coalesce(asked.customer_id, 0) as customer_id,
      asked.external_id,
      asked.variables
    from unnest(queue_messages.customers, queue_messages.external_ids, queue_messages.variables)
      as asked (customer_id, external_id, variables)
  ),

  -- Of somebody who was merged, whoever that is now.
  people as (
    select
      asked.external_id,
      asked.variables,
      coalesce(customers.merged_into_id, asked.customer_id) as customer_id,
      case when survivors.id is null then customers.status else survivors.status end as status,
      case when survivors.id is null then customers.consent_sms else survivors.consent_sms end as consent_sms,
      case when survivors.id is null then customers.consent_email else survivors.consent_email end as consent_email,
      case when survivors.id is null then customers.consent_push else survivors.consent_push end as consent_push,
      case when survivors.id is null then customers.consent_wecom else survivors.consent_wecom end as consent_wecom,
      case when survivors.id is null then customers.phone else survivors.phone end is not null as has_phone,
      case when survivors.id is null then customers.email else survivors.email end is not null as has_email
    from asked
    left join app.customers
      on customers.id = asked.customer_id
    left join app.customers as survivors
      on survivors.id = customers.merged_into_id
  ),

  judged as (
    select
      people.*,
      channels.channel,
      case
        when people.status is null and people.customer_id <> 0 then 'customer_unknown'
        when people.customer_id <> 0 and people.status <> 'active' then 'customer_not_active'
        when version.status <> 'active' then 'template_not_active'
        when not coalesce(people.variables, '{}') ?& channels.needs then 'unknown_variable'
        when (people.customer_id = 0) <> (channels.channel = 'community') then 'no_address'
        when asks_consent and not case channels.channel
          when 'sms' then people.consent_sms
          when 'email' then people.consent_email
          when 'push' then people.consent_push
          when 'wecom' then people.consent_wecom
          else true
        end then 'no_consent'
        when channels.channel = 'sms' and not people.has_phone then 'no_address'
        when channels.channel = 'email' and not people.has_email then 'no_address'
      end as refusal,
      channels.disturbs and (marketing or held.quiet_service) and quiet_ends is not null as quiet,
      marketing and channels.disturbs as may_be_capped
    from people
    cross join lateral (
      select
        each.channel,
        array(select jsonb_array_elements_text(version.needs -> each.channel)) as needs,
        each.channel = any (held.contact_channels) as disturbs
      from unnest(version.channels) as each (channel)
      -- What is for a community is said there once, and not to a customer.
      where (each.channel = 'community') = (people.customer_id = 0)
        or not exists (
          select
          from unnest(version.channels) as others (channel)
          where (others.channel = 'community') = (people.customer_id = 0)
        )
    ) as channels
  ),

  counted as (
    select counts.*
    from ops.contact_counts(case when capped then queue_messages.customers else '{}' end, today) as counts
  ),

  decided as (
    select
      judged.*,
      case
        when judged.refusal is not null then judged.refusal
        when not judged.channel = any (active_channels) then 'channel_off'
        when judged.quiet then 'quiet_hours'
        when judged.may_be_capped
          and (counted.in_window >= held.contact_cap or coalesce(counted.on_day >= held.contact_day_cap, false))
          then 'contact_cap'
      end as reason
    from judged
    left join counted
      on counted.customer_id = judged.customer_id
      and coalesce(counted.channel, judged.channel) = judged.channel
  )

  insert into app.messages (
    customer_id, template_id, version_id, channel, category, source, external_id, variables, state, reason, queued_at, due_at,
    expires_at
  )
  select
    decided.customer_id,
    queue_messages.template,
    version.id,
    decided.channel,
    version.category,
    queue_messages.source,
    decided.external_id,
    decided.variables,
    case
      when decided.refusal is not null then 'suppressed'
      when decided.reason is not null then 'held'
      else 'queued'
    end,
    decided.reason,
    queue_messages.at,
    case
      when decided.refusal is not null then null
      when decided.reason = 'quiet_hours' then quiet_ends
      when decided.reason = 'contact_cap' then tomorrow
      else queue_messages.at
    end,
    expires
  from decided
  on conflict (source, external_id, channel) do nothing;

  return query
  select
    messages.customer_id,
    messages.external_id,
    messages.id,
    case when messages.state = 'suppressed' then messages.reason end
  from (select distinct unnest(queue_messages.external_ids) as external_id) as asked
  inner join app.messages
    on messages.source = queue_messages.source
    and messages.external_id = asked.external_id;
end;
$$;

comment on function ops.queue_messages(bigint, bigint[], text, text[], jsonb[], timestamptz, text[]) is
  'Queues a message of a template for each customer and channel of it, once for ever by source and external id. What may not be sent (no consent, no address, a variable is missing …) is kept as suppressed with that reason. Customer 0 or null: a post for a community. One row per message, also of those queued before. only_channels: those of the template that are used, where it has any of them.';
