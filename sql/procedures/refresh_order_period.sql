create function ops.refresh_order_period(days date[])
returns bigint
language sql
volatile
begin atomic
  with periods as (
    select distinct
      grains.grain,
      date_trunc(grains.grain, changed.day::timestamp)::date as starts_on,
      (date_trunc(grains.grain, changed.day::timestamp) + grains.length)::date as ends_on
    from unnest(refresh_order_period.days) as changed (day)
    cross join (values ('week', interval '1 week'), ('month', interval '1 month')) as grains (grain, length)
  ),

  buyers as (
    select
      periods.grain,
      periods.starts_on,
      customer_day.customer_id,
      sum(customer_day.order_count) as order_count
    from periods
    inner join app.customer_day
      on customer_day.day >= periods.starts_on
      and customer_day.day < periods.ends_on
    where customer_day.order_count > 0
    group by periods.grain, periods.starts_on, customer_day.customer_id
  ),

  fresh as (
    select
      buyers.grain,
      buyers.starts_on,
      count(*) as buyer_count,
      count(*) filter (where buyers.order_count >= 2) as repeat_buyer_count
    from buyers
    group by buyers.grain, buyers.starts_on
  ),

  written as (
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    select
      periods.grain,
      periods.starts_on,
      coalesce(fresh.buyer_count, 0),
      coalesce(fresh.repeat_buyer_count, 0)
    from periods
    left join fresh
      on fresh.grain = periods.grain
      and fresh.starts_on = periods.starts_on
    on conflict (grain, starts_on) do update set
      buyer_count = excluded.buyer_count,
      repeat_buyer_count = excluded.repeat_buyer_count
    where (order_period.buyer_count, order_period.repeat_buyer_count)
      is distinct from (excluded.buyer_count, excluded.repeat_buyer_count)
    returning 1
  )

  select count(*)
  from written;
end;

comment on function ops.refresh_order_period(date[]) is
  'Counts the buyers of the weeks and months that these days lie in again, from app.customer_day; returns the periods that changed.';
