-- Each step sees what the one before has written; a claim of a key waits for whoever claims it at the same time.
create function ops.accept_events_json(fact_source text, body jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  batch bigint := -(pg_current_xact_id()::text::bigint);
  zone text := (select settings.time_zone from app.settings);
  answers jsonb;
begin
  insert into app.import_events (
    batch_id, item_no, event_id, external_id, customer_external_id, kind, occurred_at, channel, order_external_id, order_source, sku,
    rating, task_code, campaign_code, subject, digest
  )
  select
    batch,
    items.item_no,
    nextval('app.events_id_seq'),
    item.external_id,
    item.customer_external_id,
    item.kind,
    item.occurred_at,
    item.channel,
    item.order_external_id,
    coalesce(item.order_source, accept_events_json.fact_source),
    item.sku,
    item.rating,
    item.task_code,
    item.campaign_code,
    item.subject,
    md5(jsonb_strip_nulls(items.value)::text)::uuid
  from jsonb_array_elements(accept_events_json.body) with ordinality as items (value, item_no)
  cross join jsonb_to_record(items.value) as item (
    external_id text, customer_external_id text, kind text, occurred_at timestamptz, channel text, order_external_id text,
    order_source text, sku text, rating integer, task_code text, campaign_code text, subject text
  );

  perform ops.accept_events_known(batch, accept_events_json.fact_source);

  update app.import_events
  set customer_external_id = survivors.external_id
  from app.customers as merged
  inner join app.customers as survivors
    on survivors.id = merged.merged_into_id
  where import_events.batch_id = batch
    and import_events.answer is null
    and merged.external_id = import_events.customer_external_id;

  update app.import_events
  set
    answer = 'rejected',
    refusal = 'customer_erased',
    refusal_field = 'customer_external_id'
  from app.erased_codes
  where import_events.batch_id = batch
    and import_events.answer is null
    and erased_codes.code_hash = sha256(convert_to(import_events.customer_external_id, 'UTF8'));

  -- Whoever signs up is made known by it.
  insert into app.customers (external_id, channel, enrolled_at, enrolled_on)
  select
    import_events.customer_external_id,
    -- Where people come from has a list of its own; the event keeps what was said.
    coalesce(min(import_events.channel) filter (where import_events.channel in ('online', 'store', 'wecom', 'referral')), 'online'),
    min(import_events.occurred_at),
    (min(import_events.occurred_at) at time zone zone)::date
  from app.import_events
  where import_events.batch_id = batch
    and import_events.answer is null
    and import_events.kind = 'sign_up'
    and not exists (
      select
      from app.customers
      where customers.external_id = import_events.customer_external_id
    )
  group by import_events.customer_external_id
  order by import_events.customer_external_id
  on conflict (external_id) do nothing;

  update app.import_events
  set
    customer_id = found.customer_id,
    order_id = found.order_id,
    product_id = found.product_id,
    answer = case when found.refusal is not null then 'rejected' end,
    refusal = found.refusal,
    refusal_field = case found.refusal
      when 'customer_unknown' then 'customer_external_id'
      when 'customer_not_active' then 'customer_external_id'
      when 'order_unknown' then 'order_external_id'
      when 'order_of_another' then 'order_external_id'
      when 'product_unknown' then 'sku'
    end
  from (
    select
      staged.item_no,
      customers.id as customer_id,
      order_keys.fact_id as order_id,
      products.id as product_id,
      case
        when customers.id is null then 'customer_unknown'
        when customers.status <> 'active' then 'customer_not_active'
        when staged.order_external_id is not null and order_keys.fact_id is null then 'order_unknown'
        when staged.kind = 'review' and order_keys.customer_id <> customers.id then 'order_of_another'
        when staged.sku is not null and products.id is null then 'product_unknown'
      end as refusal
    from app.import_events as staged
    left join app.customers
      on customers.external_id = staged.customer_external_id
    left join app.fact_keys as order_keys
      on order_keys.source = staged.order_source
      and order_keys.kind = 'order'
      and order_keys.external_id = staged.order_external_id
    left join app.products
      on products.external_id = staged.sku
    where staged.batch_id = batch
      and staged.answer is null
  ) as found
  where import_events.batch_id = batch
    and import_events.item_no = found.item_no;

  -- Whose id is taken owns the fact; the others were sent before, or wait here for another transaction that sends them now.
  with claimed as (
    insert into app.fact_keys (source, kind, external_id, customer_id, fact_id, digest, answer)
    select
      accept_events_json.fact_source,
      'event',
      import_events.external_id,
      import_events.customer_id,
      import_events.event_id,
      import_events.digest,
      '{"status": "accepted"}'
    from app.import_events
    where import_events.batch_id = batch
      and import_events.answer is null
    order by import_events.external_id, import_events.item_no
    on conflict (source, kind, external_id) do nothing
    returning fact_keys.fact_id
  )
  update app.import_events
  set answer = 'accepted'
  from claimed
  where import_events.batch_id = batch
    and import_events.answer is null
    and import_events.event_id = claimed.fact_id;

  perform ops.accept_events_known(batch, accept_events_json.fact_source);

  insert into app.events (
    customer_id, id, occurred_on, source, external_id, kind, occurred_at, channel, order_id, product_id, rating, task_code,
    campaign_code, subject
  )
  select
    import_events.customer_id,
    import_events.event_id,
    (import_events.occurred_at at time zone zone)::date,
    accept_events_json.fact_source,
    import_events.external_id,
    import_events.kind,
    import_events.occurred_at,
    import_events.channel,
    import_events.order_id,
    import_events.product_id,
    import_events.rating,
    import_events.task_code,
    import_events.campaign_code,
    import_events.subject
  from app.import_events
  where import_events.batch_id = batch
    and import_events.answer = 'accepted'
  order by import_events.item_no;

  perform ops.accept_still(array(
    select import_events.customer_id
    from app.import_events
    where import_events.batch_id = batch
      and import_events.answer = 'accepted'
  ));

  select jsonb_agg(
    jsonb_build_object(
      'external_id', import_events.external_id,
      'status', import_events.answer,
      'id', case when import_events.answer <> 'rejected' then import_events.event_id end,
      'reason', import_events.refusal,
      'field', import_events.refusal_field,
      'differs', import_events.differs
    )
    order by import_events.item_no
  )
  into answers
  from app.import_events
  where import_events.batch_id = batch;

  delete from app.import_events
  where import_events.batch_id = batch;

  return answers;
end;
$$;

comment on function ops.accept_events_json(text, jsonb) is
  'Accepts an array of events, already checked for shape, each exactly once by (source, external id), and returns one answer per
event, in the same order.';
