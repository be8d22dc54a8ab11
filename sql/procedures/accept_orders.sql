create function ops.accept_orders(batch bigint, fact_source text, mode text, create_customers boolean, dry boolean default false)
returns void
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  offered bigint;
  claimed bigint;
begin
  perform ops.accept_lock(accept_orders.batch, accept_orders.fact_source);
  perform ops.accept_orders_known(accept_orders.batch, accept_orders.fact_source, accept_orders.mode);

  update app.import_orders
  set answer = 'skipped'
  where import_orders.batch_id = accept_orders.batch
    and import_orders.answer is null
    and accept_orders.mode = 'update';

  update app.import_orders
  set
    answer = 'rejected',
    refusal = case
      when import_orders.line_count > 10000 then 'too_many_lines'
      when import_orders.lines_amount > 999999999999.99 then 'amount_too_large'
      else 'discount_exceeds'
    end,
    refusal_field = case
      when import_orders.line_count > 10000 then 'lines'
      when import_orders.lines_amount > 999999999999.99 then 'lines'
      else 'discount_amount'
    end
  where import_orders.batch_id = accept_orders.batch
    and import_orders.answer is null
    and (
      import_orders.line_count > 10000
      or import_orders.lines_amount > 999999999999.99
      or import_orders.discount_amount > import_orders.lines_amount
    );

  perform ops.accept_whom(accept_orders.batch);

  perform ops.accept_buyers(accept_orders.batch);

  if exists (
    select
    from app.import_orders
    where import_orders.batch_id = accept_orders.batch
      and import_orders.answer is null
  ) then
    -- Looked for again whoever made them: another transaction may have been first.
    if accept_orders.create_customers then
      perform ops.accept_customers(accept_orders.batch);
      perform ops.accept_buyers(accept_orders.batch);
    end if;

    update app.import_orders
    set
      answer = 'rejected',
      refusal = 'customer_unknown',
      refusal_field = 'customer_external_id'
    where import_orders.batch_id = accept_orders.batch
      and import_orders.answer is null;
  end if;

  select count(*) into offered
  from app.import_orders
  where import_orders.batch_id = accept_orders.batch
    and import_orders.answer = 'accepted';

  -- The claim: each offers the id it drew above under its key; whose id is taken owns the fact, the others were sent before
  -- or wait here for another transaction that sends them now, and are replays.
  insert into app.fact_keys (source, kind, external_id, customer_id, fact_id, digest, answer)
  select
    accept_orders.fact_source,
    'order',
    import_orders.external_id,
    import_orders.customer_id,
    import_orders.order_id,
    import_orders.digest,
    '{"status": "accepted"}'
  from app.import_orders
  where import_orders.batch_id = accept_orders.batch
    and import_orders.answer = 'accepted'
  order by import_orders.external_id, import_orders.item_no
  on conflict (source, kind, external_id) do nothing;

  get diagnostics claimed = row_count;
  if claimed < offered then
    update app.import_orders
    set answer = null
    from app.fact_keys
    where import_orders.batch_id = accept_orders.batch
      and import_orders.answer = 'accepted'
      and fact_keys.source = accept_orders.fact_source
      and fact_keys.kind = 'order'
      and fact_keys.external_id = import_orders.external_id
      and fact_keys.fact_id <> import_orders.order_id;
  end if;

  perform ops.accept_orders_store(accept_orders.batch, accept_orders.fact_source, zone, accept_orders.dry);
  perform ops.accept_orders_known(accept_orders.batch, accept_orders.fact_source, accept_orders.mode);
  perform ops.accept_orders_advance(accept_orders.batch);
  perform ops.accept_orders_link(accept_orders.batch, accept_orders.fact_source);

  perform ops.accept_still(array(
    select distinct import_orders.customer_id
    from app.import_orders
    where import_orders.batch_id = accept_orders.batch
      and import_orders.answer in ('accepted', 'replayed')
  ));

  perform ops.mark_dirty('orders', array(
    select distinct (import_orders.placed_at at time zone zone)::date
    from app.import_orders
    where import_orders.batch_id = accept_orders.batch
      and import_orders.answer = 'accepted'
  ));
end;
$$;

comment on function ops.accept_orders(bigint, text, text, boolean, boolean) is
  'Accepts the orders staged under a batch, each exactly once by (source, external id), and writes into app.import_orders which
answer each one gets. mode insert refuses orders that are known, update leaves out those that are not, upsert takes both.
A dry one, to be rolled back, gives the same answers and writes only the orders that other answers depend on.
A statement here relies on what the one before has written, so that each is planned when its turn comes: hence plpgsql.';
