-- What came is added. What went may have been a customer's first or last day: these few are added up again.
create function ops.refresh_customer_totals()
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  counted_until date := (select customer_totals_until.until_on from app.customer_totals_until);
  shrunk bigint[];
begin
  if counted_until is null then
    return;
  end if;

  with changes as materialized (
    select
      customer_day_changes.customer_id,
      min(customer_day_changes.day) filter (where customer_day_changes.order_count > 0) as first_order_on,
      max(customer_day_changes.day) filter (where customer_day_changes.order_count > 0) as last_order_on,
      sum(customer_day_changes.orders_added) as orders_added,
      sum(customer_day_changes.amount_added) as amount_added,
      sum(customer_day_changes.returned_added) as returned_added,
      bool_or(customer_day_changes.gone or customer_day_changes.order_count = 0 and customer_day_changes.orders_added < 0)
        as shrunk
    from app.customer_day_changes
    where customer_day_changes.day < counted_until
    group by customer_day_changes.customer_id
  ),

  grown as (
    insert into app.customer_totals as customer_totals (
      customer_id, first_order_on, last_order_on, order_count, gross_amount, returned_amount
    )
    select
      changes.customer_id,
      changes.first_order_on,
      changes.last_order_on,
      changes.orders_added,
      changes.amount_added,
      changes.returned_added
    from changes
    where not changes.shrunk
    order by changes.customer_id
    on conflict (customer_id) do update set
      first_order_on = least(customer_totals.first_order_on, excluded.first_order_on),
      last_order_on = greatest(customer_totals.last_order_on, excluded.last_order_on),
      order_count = customer_totals.order_count + excluded.order_count,
      gross_amount = customer_totals.gross_amount + excluded.gross_amount,
      returned_amount = customer_totals.returned_amount + excluded.returned_amount
  )

  select array_agg(changes.customer_id)
  into shrunk
  from changes
  where changes.shrunk;

  if shrunk is not null then
    perform ops.restate_customer_totals(shrunk);
  end if;
end;
$$;

comment on function ops.refresh_customer_totals() is
  'Brings app.customer_totals up to date with app.customer_day_changes, as far as these reach into the days it counts.';
