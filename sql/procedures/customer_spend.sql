create function ops.customer_spend(as_of date)
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
parallel safe
begin atomic
  select
    customer_day.customer_id,
    min(customer_day.day) filter (where customer_day.order_count > 0) as first_order_on,
    max(customer_day.day) filter (where customer_day.order_count > 0) as last_order_on,
    sum(customer_day.order_count) as order_count,
    sum(customer_day.amount) as gross_amount,
    sum(customer_day.returned_amount) as returned_amount
  from app.customer_day
  where customer_day.day < as_of
  group by customer_day.customer_id;
end;

comment on function ops.customer_spend(date) is
  'One row per known customer with an order placed or a return made before the day: life to date.
Returned orders still count as orders; returned_amount is what came back before the day, of whatever order.';
