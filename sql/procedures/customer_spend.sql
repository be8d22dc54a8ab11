-- What was added up before, and the days since. A day before the totals begin to count is added up from the history.
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
  with until as (
    select customer_totals_until.until_on
    from app.customer_totals_until
    where customer_totals_until.until_on <= as_of
  ),

  totals as (
    select
      customer_totals.customer_id,
      customer_totals.first_order_on,
      customer_totals.last_order_on,
      customer_totals.order_count,
      customer_totals.gross_amount,
      customer_totals.returned_amount
    from app.customer_totals
    where exists (select from until)
  ),

  recent as (
    select
      customer_day.customer_id,
      min(customer_day.day) filter (where customer_day.order_count > 0) as first_order_on,
      max(customer_day.day) filter (where customer_day.order_count > 0) as last_order_on,
      sum(customer_day.order_count) as order_count,
      sum(customer_day.amount) as gross_amount,
      sum(customer_day.returned_amount) as returned_amount
    from app.customer_day
    where customer_day.day >= coalesce((select until.until_on from until), '-infinity')
      and customer_day.day < as_of
    group by customer_day.customer_id
  )

  select
    coalesce(totals.customer_id, recent.customer_id) as customer_id,
    coalesce(totals.first_order_on, recent.first_order_on) as first_order_on,
    coalesce(recent.last_order_on, totals.last_order_on) as last_order_on,
    coalesce(totals.order_count, 0) + coalesce(recent.order_count, 0) as order_count,
    coalesce(totals.gross_amount, 0) + coalesce(recent.gross_amount, 0) as gross_amount,
    coalesce(totals.returned_amount, 0) + coalesce(recent.returned_amount, 0) as returned_amount
  from totals
  full join recent
    on recent.customer_id = totals.customer_id;
end;

comment on function ops.customer_spend(date) is
  'One row per known customer with an order placed or a return made before the day: life to date.
Returned orders still count as orders; returned_amount is what came back before the day, of whatever order.';
