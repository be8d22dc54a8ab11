create function ops.restate_customer_totals(customers bigint[])
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  delete from app.customer_totals
  where customer_totals.customer_id = any (customers);

  insert into app.customer_totals (
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
  inner join app.customer_totals_until
    on customer_day.day < customer_totals_until.until_on
  where customer_day.customer_id = any (customers)
  group by customer_day.customer_id;
end;
$$;

comment on function ops.restate_customer_totals(bigint[]) is
  'Adds up these customers again after facts came late, in the transaction that changed their days.';
