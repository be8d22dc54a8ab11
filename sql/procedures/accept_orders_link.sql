create function ops.accept_orders_link(batch bigint, fact_source text)
returns void
language plpgsql
volatile
as $$
declare
  -- Their own batch, so that they do not mix with the caller's returns; this far below zero it meets no request's.
  waiting bigint := -4000000000000000000 - abs(accept_orders_link.batch);
begin
  insert into app.import_returns (
    batch_id, item_no, external_id, order_external_id, customer_external_id, customer_id, order_id, return_id, claimed,
    line_no, sku, quantity, amount, returned_at, reason, answer, refusal
  )
  select
    waiting,
    row_number() over (order by waiting_returns.returned_at, waiting_returns.external_id collate "C"),
    waiting_returns.external_id,
    waiting_returns.order_external_id,
    waiting_returns.customer_external_id,
    import_orders.customer_id,
    import_orders.order_id,
    waiting_returns.return_id,
    true,
    waiting_returns.line_no,
    waiting_returns.sku,
    waiting_returns.quantity,
    waiting_returns.amount,
    waiting_returns.returned_at,
    waiting_returns.reason,
    case when waiting_returns.customer_external_id <> customers.external_id then 'rejected' end,
    case when waiting_returns.customer_external_id <> customers.external_id then 'customer_differs' end
  from app.import_orders
  inner join app.customers
    on customers.id = import_orders.customer_id
  inner join app.waiting_returns
    on waiting_returns.source = accept_orders_link.fact_source
    and waiting_returns.order_external_id = import_orders.external_id
    and waiting_returns.refusal is null
  where import_orders.batch_id = accept_orders_link.batch
    and import_orders.answer = 'accepted';

  if not found then
    return;
  end if;

  perform ops.accept_returns_apply(waiting, accept_orders_link.fact_source);

  delete from app.waiting_returns
  using app.import_returns
  where import_returns.batch_id = waiting
    and import_returns.answer = 'accepted'
    and waiting_returns.source = accept_orders_link.fact_source
    and waiting_returns.external_id = import_returns.external_id;

  update app.waiting_returns
  set refusal = import_returns.refusal
  from app.import_returns
  where import_returns.batch_id = waiting
    and import_returns.answer = 'rejected'
    and waiting_returns.source = accept_orders_link.fact_source
    and waiting_returns.external_id = import_returns.external_id;

  delete from app.import_returns
  where import_returns.batch_id = waiting;
end;
$$;

comment on function ops.accept_orders_link(bigint, text) is
  'Applies the returns that waited for an order of the batch, in the order in which they were made, as if they came now.
One that does not fit stays in app.waiting_returns with its refusal, for people to see.';
