create function ops.accept_returns_apply(batch bigint, fact_source text)
returns void
language plpgsql
volatile
as $$
declare
  last_round integer;
begin
  -- One return per order and round: what the second may take depends on what the first took.
  update app.import_returns
  set round = numbered.round
  from (
    select
      staged.item_no,
      row_number() over (
        partition by staged.order_id, case when staged.order_id is null then staged.external_id end
        order by staged.item_no
      ) as round
    from app.import_returns as staged
    where staged.batch_id = accept_returns_apply.batch
      and staged.answer is null
      and (staged.order_id is not null or staged.order_external_id is null)
      and not exists (
        select 1
        from app.import_returns as earlier
        where earlier.batch_id = staged.batch_id
          and earlier.external_id = staged.external_id
          and earlier.item_no < staged.item_no
          and earlier.answer is distinct from 'rejected'
      )
  ) as numbered
  where import_returns.batch_id = accept_returns_apply.batch
    and import_returns.item_no = numbered.item_no;

  perform 1
  from app.orders
  where (orders.customer_id, orders.id) in (
    select
      import_returns.customer_id,
      import_returns.order_id
    from app.import_returns
    where import_returns.batch_id = accept_returns_apply.batch
      and import_returns.answer is null
      and import_returns.order_id is not null
  )
  order by orders.customer_id, orders.id
  for no key update;

  -- Whoever merged the customer of one meanwhile has taken it along: then the whole unit is done again.
  if exists (
    select
    from app.import_returns
    where import_returns.batch_id = accept_returns_apply.batch
      and import_returns.answer is null
      and import_returns.order_id is not null
      and not exists (
        select
        from app.orders
        where orders.customer_id = import_returns.customer_id
          and orders.id = import_returns.order_id
      )
  ) then
    raise exception 'A customer of the batch was merged meanwhile.' using errcode = 'serialization_failure';
  end if;

  last_round := (
    select max(import_returns.round)
    from app.import_returns
    where import_returns.batch_id = accept_returns_apply.batch
      and import_returns.answer is null
  );
  for this_round in 1 .. coalesce(last_round, 0) loop
    perform ops.accept_returns_price(accept_returns_apply.batch, this_round);
    perform ops.accept_returns_store(accept_returns_apply.batch, this_round, accept_returns_apply.fact_source);
  end loop;
end;
$$;

comment on function ops.accept_returns_apply(bigint, text) is
  'Prices and writes the staged returns whose order is known, and those that name no order. Orders are locked first, in id order.';
