create function ops.orders_spend(customers bigint[], as_of date)
returns table (
  customer_id bigint,
  first_order_on date,
  last_order_on date,
  order_count bigint,
  gross_amount numeric,
  returned_amount numeric
)
language sql
stable
begin atomic
  with bought as (
    select
      orders.customer_id,
      min(orders.placed_on) as first_order_on,
      max(orders.placed_on) as last_order_on,
      count(*) as order_count,
      sum(orders.amount) as gross_amount
    from app.orders
    where orders.customer_id = any (orders_spend.customers)
      and orders.placed_on < as_of
      and orders.status <> 'cancelled'
    group by orders.customer_id
  ),

  returned as (
    select
      returns.customer_id,
      sum(returns.amount) as amount
    from app.returns
    where returns.customer_id = any (orders_spend.customers)
      and returns.returned_on < as_of
    group by returns.customer_id
  )

  select
    coalesce(bought.customer_id, returned.customer_id) as customer_id,
    bought.first_order_on,
    bought.last_order_on,
    coalesce(bought.order_count, 0) as order_count,
    coalesce(bought.gross_amount, 0) as gross_amount,
    coalesce(returned.amount, 0) as returned_amount
  from bought
  full join returned
    on returned.customer_id = bought.customer_id;
end;

comment on function ops.orders_spend(bigint[], date) is
  'What ops.customer_spend says of the customers named, from their own orders and returns as they are known at this moment: for facts
that are worked in before the totals have heard of them.';
