create function ops.accept_customers(batch bigint)
returns bigint
language plpgsql
volatile
as $$
declare
  created bigint;
begin
  insert into app.customers (external_id, name, province, channel, enrolled_at, enrolled_on)
  select
    named.external_id,
    max(named.name),
    max(named.region),
    case when accept_customers.batch > 0 then 'import' else min(named.channel) end,
    min(named.seen_at),
    (min(named.seen_at) at time zone min(settings.time_zone))::date
  from (
    select
      import_orders.customer_external_id as external_id,
      import_orders.customer_name as name,
      import_orders.region,
      import_orders.channel,
      import_orders.placed_at as seen_at
    from app.import_orders
    where import_orders.batch_id = accept_customers.batch
      and import_orders.answer is null

    union all

    select
      import_returns.customer_external_id,
      import_returns.customer_name,
      import_returns.region,
      'online',
      import_returns.returned_at
    from app.import_returns
    where import_returns.batch_id = accept_customers.batch
      and import_returns.answer is null
      and import_returns.order_external_id is null
  ) as named
  cross join app.settings
  where named.external_id is not null
    and not exists (
      select 1
      from app.customers
      where customers.external_id = named.external_id
    )
  group by named.external_id
  order by named.external_id
  on conflict (external_id) do nothing;

  get diagnostics created = row_count;
  return created;
end;
$$;

comment on function ops.accept_customers(bigint) is
  'Makes the customers whom new facts of a batch name and nobody knows yet, enrolled at their first fact in it. Returns how many.';
