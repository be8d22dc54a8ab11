create function ops.accept_buyers(batch bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- By itself, so that an index gives the ids without the customers' rows: a table that an update joins is always read.
  with buyers as materialized (
    select
      staged.item_no,
      case when staged.customer_external_id is null then 0 else customers.id end as customer_id
    from app.import_orders as staged
    left join app.customers
      on customers.external_id = staged.customer_external_id
    where staged.batch_id = accept_buyers.batch
      and staged.answer is null
  )
  update app.import_orders
  set
    customer_id = buyers.customer_id,
    answer = 'accepted',
    order_id = nextval('app.orders_id_seq')
  from buyers
  where buyers.customer_id is not null
    and import_orders.batch_id = accept_buyers.batch
    and import_orders.item_no = buyers.item_no;
end;
$$;

comment on function ops.accept_buyers(bigint) is
  'Accepts the orders of a batch whose buyer is known, and draws an id for each. Who buys without a name is the anonymous customer;
a name that nobody knows is not.';
