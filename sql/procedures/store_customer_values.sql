create function ops.store_customer_values(as_of date, customer_values jsonb)
returns void
language sql
volatile
begin atomic
  insert into app.customer_values (
    customer_id, as_of_on, repeats, last_order_on, usual_gap_days, alive_rate, expected_orders, order_value, expected_amount
  )
  select
    worked.customer_id,
    as_of,
    worked.repeats,
    worked.last_order_on,
    worked.usual_gap_days,
    worked.alive_rate,
    worked.expected_orders,
    worked.order_value,
    worked.expected_amount
  from jsonb_to_recordset(store_customer_values.customer_values) as worked (
    customer_id bigint, repeats integer, last_order_on date, usual_gap_days numeric, alive_rate numeric, expected_orders numeric,
    order_value numeric, expected_amount numeric
  )
  -- Whoever was merged meanwhile is somebody else.
  inner join app.customers
    on customers.id = worked.customer_id
    and customers.status in ('active', 'blocked')
  order by worked.customer_id
  on conflict (customer_id) do update set
    as_of_on = excluded.as_of_on,
    repeats = excluded.repeats,
    last_order_on = excluded.last_order_on,
    usual_gap_days = excluded.usual_gap_days,
    alive_rate = excluded.alive_rate,
    expected_orders = excluded.expected_orders,
    order_value = excluded.order_value,
    expected_amount = excluded.expected_amount;
end;

comment on function ops.store_customer_values(date, jsonb) is
  'Keeps what was worked out for some customers as of a day, instead of what was kept before.';
