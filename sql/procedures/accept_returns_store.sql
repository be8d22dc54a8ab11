create function ops.accept_returns_store(batch bigint, this_round integer, fact_source text)
returns void
language plpgsql
volatile
as $$
begin
  perform ops.accept_returns_claim(
    accept_returns_store.batch,
    accept_returns_store.this_round,
    accept_returns_store.fact_source,
    'accepted'
  );

  insert into app.returns (
    customer_id, id, source, external_id, order_external_id, order_id, line_no, sku, quantity, amount, returned_at, returned_on, reason
  )
  select
    import_returns.customer_id,
    import_returns.return_id,
    accept_returns_store.fact_source,
    import_returns.external_id,
    import_returns.order_external_id,
    import_returns.order_id,
    import_returns.line_no,
    import_returns.sku,
    import_returns.quantity,
    import_returns.amount,
    import_returns.returned_at,
    (import_returns.returned_at at time zone settings.time_zone)::date,
    import_returns.reason
  from app.import_returns
  cross join app.settings
  where import_returns.batch_id = accept_returns_store.batch
    and import_returns.round = accept_returns_store.this_round
    and import_returns.answer = 'accepted';

  with restated as (
    update app.orders
    set
      returned_amount = orders.returned_amount + import_returns.amount,
      version = orders.version + 1
    from app.import_returns
    where import_returns.batch_id = accept_returns_store.batch
      and import_returns.round = accept_returns_store.this_round
      and import_returns.answer = 'accepted'
      and orders.customer_id = import_returns.customer_id
      and orders.id = import_returns.order_id
    returning orders.placed_on
  )
  insert into app.dirty_days (fact_table, day)
  select distinct
    'orders',
    restated.placed_on
  from restated

  union all

  select distinct
    'returns',
    (import_returns.returned_at at time zone settings.time_zone)::date
  from app.import_returns
  cross join app.settings
  where import_returns.batch_id = accept_returns_store.batch
    and import_returns.round = accept_returns_store.this_round
    and import_returns.answer = 'accepted';
end;
$$;

comment on function ops.accept_returns_store(bigint, integer, text) is
  'Claims and writes the returns of a round that fit, and takes them off their orders.';
