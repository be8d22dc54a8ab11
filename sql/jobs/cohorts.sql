-- every: 40 0 * * *
-- label: 同期群 | Cohorts
-- after: refresh_rollups
-- The months of the last two years are worked out anew each night, so that late facts are in them; only what differs is written.
create function ops.cohorts(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
as $$
declare
  rows_written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.cohorts', 0));

  if exists (select from app.cohort_steps where cohort_steps.as_of_on > as_of) then
    return 0;
  end if;

  with reach as materialized (
    select
      least(as_of, max(order_day.day) + 1) as until_on,
      (date_trunc('month', as_of::timestamp) - interval '24 months')::date as from_on
    from app.order_day
    where order_day.day < as_of
  ),

  members as materialized (
    select
      customer_start.customer_id,
      customer_start.first_order_on,
      date_trunc('month', customer_start.first_order_on::timestamp)::date as cohort_on
    from app.customer_start
    cross join reach
    where customer_start.first_order_on >= reach.from_on
      and customer_start.first_order_on < reach.until_on
  ),

  starts as (
    select
      members.cohort_on,
      members.first_order_on,
      count(*) as customer_count
    from members
    group by members.cohort_on, members.first_order_on
  ),

  cohorts as (
    select
      starts.cohort_on,
      sum(starts.customer_count)::bigint as cohort_count
    from starts
    group by starts.cohort_on
  ),

  spent as materialized (
    select
      members.cohort_on,
      members.customer_id,
      members.first_order_on,
      -- Days 1 to 30 after the first order are step 1.
      (customer_day.day - members.first_order_on + 29) / 30 as day_step,
      (extract(year from customer_day.day) * 12 + extract(month from customer_day.day)
        - extract(year from members.cohort_on) * 12 - extract(month from members.cohort_on))::integer as month_step,
      sum(customer_day.order_count) filter (where customer_day.day > members.first_order_on) as later_order_count,
      sum(customer_day.order_count) as order_count,
      sum(customer_day.amount - customer_day.returned_amount) as net_amount
    from members
    cross join reach
    inner join app.customer_day
      on customer_day.customer_id = members.customer_id
      and customer_day.day >= members.first_order_on
      and customer_day.day < reach.until_on
    group by 1, 2, 3, 4, 5
  ),

  day_sizes as (
    select
      starts.cohort_on,
      steps.step,
      coalesce(sum(starts.customer_count) filter (where starts.first_order_on + 30 * steps.step <= reach.until_on), 0)::bigint
        as customer_count,
      bool_and(starts.first_order_on + 30 * steps.step <= reach.until_on)
        and (starts.cohort_on + interval '1 month')::date <= reach.until_on as mature
    from starts
    cross join reach
    cross join generate_series(1, 24) as steps (step)
    group by starts.cohort_on, steps.step, reach.until_on
  ),

  day_buyers as (
    select
      spent.cohort_on,
      spent.day_step as step,
      count(distinct spent.customer_id) filter (where spent.later_order_count > 0) as buyer_count,
      sum(spent.net_amount) as net_amount
    from spent
    cross join reach
    where spent.day_step between 1 and 24
      and spent.first_order_on + 30 * spent.day_step <= reach.until_on
    group by spent.cohort_on, spent.day_step
  ),

  month_buyers as (
    select
      spent.cohort_on,
      spent.month_step as step,
      count(distinct spent.customer_id) filter (where spent.order_count > 0) as buyer_count,
      sum(spent.net_amount) as net_amount
    from spent
    group by spent.cohort_on, spent.month_step
  ),

  fresh as materialized (
    select
      'days' as kind,
      cohorts.cohort_on,
      day_sizes.step,
      cohorts.cohort_count,
      day_sizes.customer_count,
      coalesce(day_buyers.buyer_count, 0) as buyer_count,
      coalesce(day_buyers.net_amount, 0) as net_amount,
      day_sizes.mature
    from cohorts
    inner join day_sizes
      on day_sizes.cohort_on = cohorts.cohort_on
    left join day_buyers
      on day_buyers.cohort_on = day_sizes.cohort_on
      and day_buyers.step = day_sizes.step
    where day_sizes.customer_count > 0

    union all

    select
      'months',
      cohorts.cohort_on,
      steps.step,
      cohorts.cohort_count,
      cohorts.cohort_count,
      coalesce(month_buyers.buyer_count, 0),
      coalesce(month_buyers.net_amount, 0),
      (cohorts.cohort_on + make_interval(months => steps.step + 1))::date <= reach.until_on
    from cohorts
    cross join reach
    cross join generate_series(0, 24) as steps (step)
    left join month_buyers
      on month_buyers.cohort_on = cohorts.cohort_on
      and month_buyers.step = steps.step
    where (cohorts.cohort_on + make_interval(months => steps.step))::date < reach.until_on
  ),

  deleted as (
    delete from app.cohort_steps
    where not exists (
      select
      from fresh
      where fresh.kind = cohort_steps.kind
        and fresh.cohort_on = cohort_steps.cohort_on
        and fresh.step = cohort_steps.step
    )
    returning 1
  ),

  written as (
    insert into app.cohort_steps (
      kind, cohort_on, step, as_of_on, cohort_count, customer_count, buyer_count, net_amount, mature
    )
    select
      fresh.kind,
      fresh.cohort_on,
      fresh.step,
      as_of,
      fresh.cohort_count,
      fresh.customer_count,
      fresh.buyer_count,
      fresh.net_amount,
      fresh.mature
    from fresh
    on conflict (kind, cohort_on, step) do update set
      as_of_on = excluded.as_of_on,
      cohort_count = excluded.cohort_count,
      customer_count = excluded.customer_count,
      buyer_count = excluded.buyer_count,
      net_amount = excluded.net_amount,
      mature = excluded.mature
    where (
      cohort_steps.as_of_on, cohort_steps.cohort_count, cohort_steps.customer_count, cohort_steps.buyer_count,
      cohort_steps.net_amount, cohort_steps.mature
    ) is distinct from (
      excluded.as_of_on, excluded.cohort_count, excluded.customer_count, excluded.buyer_count, excluded.net_amount, excluded.mature
    )
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written)
  into rows_written;

  return rows_written;
end;
$$;

comment on function ops.cohorts(date) is
  'Follows the customers of each month of first orders, of the last two years: who ordered again in each thirty days after the own first
order, and in each calendar month. Orders strictly before as_of count. A day before the latest one computed changes nothing.
Returns the rows written.';
