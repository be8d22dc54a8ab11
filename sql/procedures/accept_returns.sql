create function ops.accept_returns(batch bigint, fact_source text, mode text, create_customers boolean)
returns void
language plpgsql
volatile
as $$
begin
  perform ops.accept_lock(accept_returns.batch, accept_returns.fact_source);

  update app.import_returns
  set digest = md5(concat_ws(
    chr(31),
    import_returns.order_external_id,
    'customer', import_returns.customer_external_id,
    'line', import_returns.line_no, import_returns.sku,
    'quantity', import_returns.quantity,
    'amount', import_returns.amount,
    'at', extract(epoch from import_returns.returned_at)
  ))::uuid
  where import_returns.batch_id = accept_returns.batch;

  perform ops.accept_returns_known(accept_returns.batch, accept_returns.fact_source, accept_returns.mode);

  update app.import_returns
  set answer = 'skipped'
  where import_returns.batch_id = accept_returns.batch
    and import_returns.answer is null
    and accept_returns.mode = 'update';

  perform ops.accept_whom(accept_returns.batch);

  if accept_returns.create_customers then
    perform ops.accept_customers(accept_returns.batch);
  end if;

  update app.import_returns
  set
    order_id = found.order_id,
    customer_id = found.customer_id,
    answer = case when found.refusal is not null then 'rejected' end,
    refusal = found.refusal,
    refusal_field = found.refusal_field
  from (
    select
      staged.item_no,
      order_keys.fact_id as order_id,
      case
        when order_keys.fact_id is not null then order_keys.customer_id
        when staged.customer_external_id is null then 0
        else named.id
      end as customer_id,
      case
        when order_keys.fact_id is not null and named.id is distinct from order_keys.customer_id
          and staged.customer_external_id is not null then 'customer_differs'
        when staged.order_external_id is null and staged.customer_external_id is not null and named.id is null
          then 'customer_unknown'
        when staged.order_external_id is null and staged.amount is null then 'amount_required'
      end as refusal,
      case
        when staged.order_external_id is null and staged.amount is null
          and (staged.customer_external_id is null or named.id is not null) then 'amount'
        else 'customer_external_id'
      end as refusal_field
    from app.import_returns as staged
    left join app.customers as named
      on named.external_id = staged.customer_external_id
    left join app.fact_keys as order_keys
      on order_keys.source = accept_returns.fact_source
      and order_keys.kind = 'order'
      and order_keys.external_id = staged.order_external_id
    where staged.batch_id = accept_returns.batch
      and staged.answer is null
  ) as found
  where import_returns.batch_id = accept_returns.batch
    and import_returns.item_no = found.item_no;

  perform ops.accept_returns_wait(accept_returns.batch, accept_returns.fact_source);
  perform ops.accept_returns_apply(accept_returns.batch, accept_returns.fact_source);
  perform ops.accept_returns_known(accept_returns.batch, accept_returns.fact_source, accept_returns.mode);

  perform ops.accept_still(array(
    select distinct import_returns.customer_id
    from app.import_returns
    where import_returns.batch_id = accept_returns.batch
      and import_returns.answer = 'accepted'
  ));

  -- What is left repeats an item of its own batch that was refused.
  update app.import_returns
  set
    answer = 'rejected',
    refusal = 'duplicate_in_batch',
    refusal_field = 'external_id'
  where import_returns.batch_id = accept_returns.batch
    and import_returns.answer is null;
end;
$$;

comment on function ops.accept_returns(bigint, text, text, boolean) is
  'Accepts the returns staged under a batch, each exactly once by (source, external id), and writes into app.import_returns which
answer each one gets. One whose order has not arrived waits for it; one that names no order counts for its customer on its day.';
