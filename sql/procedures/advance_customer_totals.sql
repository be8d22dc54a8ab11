create function ops.advance_customer_totals(target_on date)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  from_on date := coalesce((select customer_totals_until.until_on from app.customer_totals_until), '-infinity');
begin
  if target_on is null or target_on <= from_on then
    return;
  end if;

  insert into app.customer_totals as customer_totals (
    customer_id, first_order_on, last_order_on, order_count, gross_amount, returned_amount
  )
  select
    customer_day.customer_id,
    min(customer_day.day) filter (where customer_day.order_count > 0),
    max(customer_day.day) filter (where customer_day.order_count > 0),
    sum(customer_day.order_count),
    sum(customer_day.amount),
    sum(customer_day.returned_amount)
  from app.customer_day
  where customer_day.day >= from_on
    and customer_day.day < target_on
  group by customer_day.customer_id
  order by customer_day.customer_id
  on conflict (customer_id) do update set
    first_order_on = coalesce(customer_totals.first_order_on, excluded.first_order_on),
    last_order_on = coalesce(excluded.last_order_on, customer_totals.last_order_on),
    order_count = customer_totals.order_count + excluded.order_count,
    gross_amount = customer_totals.gross_amount + excluded.gross_amount,
    returned_amount = customer_totals.returned_amount + excluded.returned_amount;

  insert into app.customer_totals_until (until_on)
  values (target_on)
  on conflict (id) do update set until_on = excluded.until_on;
end;
$$;

comment on function ops.advance_customer_totals(date) is
  'Takes the days up to target_on into app.customer_totals; never goes back. Called with the rollups'' lock held.';
