-- Only a day up to a customer's second one can change the first two, so whoever has bought twice before is left alone.
create function ops.refresh_customer_start(days date[])
returns bigint
language sql
volatile
begin atomic
  with touched as materialized (
    select customer_day.customer_id
    from app.customer_day
    left join app.customer_start
      on customer_start.customer_id = customer_day.customer_id
    where customer_day.day = any (refresh_customer_start.days)
      and customer_day.order_count > 0
      and (
        customer_start.second_order_on is null
        or customer_day.day < customer_start.second_order_on
      )
    union
    select customer_start.customer_id
    from app.customer_start
    where customer_start.first_order_on = any (refresh_customer_start.days)
    union
    select customer_start.customer_id
    from app.customer_start
    where customer_start.second_order_on = any (refresh_customer_start.days)
  ),

  firsts as (
    select
      touched.customer_id,
      min(customer_day.day) as first_order_on
    from touched
    inner join app.customer_day
      on customer_day.customer_id = touched.customer_id
    where customer_day.order_count > 0
    group by touched.customer_id
  ),

  fresh as materialized (
    select
      firsts.customer_id,
      firsts.first_order_on,
      min(customer_day.day) as second_order_on
    from firsts
    left join app.customer_day
      on customer_day.customer_id = firsts.customer_id
      and customer_day.day > firsts.first_order_on
      and customer_day.order_count > 0
    group by firsts.customer_id, firsts.first_order_on
  ),

  deleted as (
    delete from app.customer_start
    using touched
    where customer_start.customer_id = touched.customer_id
      and not exists (
        select
        from fresh
        where fresh.customer_id = touched.customer_id
      )
    returning 1
  ),

  written as (
    insert into app.customer_start (customer_id, first_order_on, second_order_on)
    select
      fresh.customer_id,
      fresh.first_order_on,
      fresh.second_order_on
    from fresh
    left join app.customer_start
      on customer_start.customer_id = fresh.customer_id
    where (customer_start.first_order_on, customer_start.second_order_on)
      is distinct from (fresh.first_order_on, fresh.second_order_on)
    on conflict (customer_id) do update set
      first_order_on = excluded.first_order_on,
      second_order_on = excluded.second_order_on
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written);
end;

comment on function ops.refresh_customer_start(date[]) is
  'Finds the first two days with an order again for customers whom these days can concern; returns how many rows changed.';
