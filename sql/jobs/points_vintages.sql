-- every: 50 0 * * *
-- label: 积分沉淀与负债 | Breakage and liability of points
-- after: points_day
-- The points of the last three years: older ones are over, whatever the policy.
create function ops.points_vintages(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
as $$
declare
  first_month constant date := date_trunc('month', as_of::timestamp) - interval '36 months';
  month_count integer;
  rows_written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.points_vintages', 0));

  if exists (select from app.points_liability_days where points_liability_days.as_of_on > as_of) then
    return 0;
  end if;

  with lots as materialized (
    select
      points_lots.customer_id,
      points_lots.origin_kind,
      points_lots.origin_id,
      points_lots.rule_id,
      date_trunc('month', points_lots.earned_on::timestamp)::date as earned_month_on,
      points_lots.issued - points_lots.reversed as issued,
      points_lots.pending + points_lots.available + points_lots.reserved as outstanding
    from app.points_lots
    where points_lots.book_id = 0
      and points_lots.account = 'points'
      and points_lots.earned_on >= first_month
      and points_lots.earned_on < as_of
  ),

  months as (
    select
      lots.earned_month_on,
      sum(lots.issued)::bigint as issued_points,
      sum(lots.outstanding)::bigint as outstanding_points
    from lots
    group by lots.earned_month_on
  ),

  redeemed as (
    select
      lots.earned_month_on,
      (extract(year from moved.occurred_on) * 12 + extract(month from moved.occurred_on)
        - extract(year from lots.earned_month_on) * 12 - extract(month from lots.earned_month_on))::integer as age_months,
      sum(case moved.kind when 'spend' then moved.points else -moved.points end)::bigint as redeemed_points
    from (
      select
        points_entries.customer_id,
        points_entries.origin_kind,
        points_entries.origin_id,
        points_entries.rule_id,
        points_entries.kind,
        points_entries.points,
        (points_entries.occurred_at at time zone settings.time_zone)::date as occurred_on
      from app.points_entries
      cross join app.settings
      where points_entries.book_id = 0
        and points_entries.account = 'points'
        and points_entries.kind in ('spend', 'restore')
    ) as moved
    inner join lots
      on lots.customer_id = moved.customer_id
      and lots.origin_kind = moved.origin_kind
      and lots.origin_id = moved.origin_id
      and lots.rule_id = moved.rule_id
    where moved.occurred_on < as_of
    group by 1, 2
  ),

  fresh as materialized (
    select
      months.earned_month_on,
      ages.age_months,
      months.issued_points,
      coalesce(redeemed.redeemed_points, 0) as redeemed_points,
      months.outstanding_points
    from months
    cross join generate_series(0, 36) as ages (age_months)
    left join redeemed
      on redeemed.earned_month_on = months.earned_month_on
      and redeemed.age_months = ages.age_months
    where months.issued_points > 0
      -- A month that goes on would look as if less were redeemed at that age.
      and (months.earned_month_on + make_interval(months => ages.age_months + 1))::date <= as_of
  ),

  deleted as (
    delete from app.points_vintages
    where not exists (
      select
      from fresh
      where fresh.earned_month_on = points_vintages.earned_month_on
        and fresh.age_months = points_vintages.age_months
    )
    returning 1
  ),

  written as (
    insert into app.points_vintages (earned_month_on, age_months, issued_points, redeemed_points, outstanding_points)
    select
      fresh.earned_month_on,
      fresh.age_months,
      fresh.issued_points,
      fresh.redeemed_points,
      fresh.outstanding_points
    from fresh
    on conflict (earned_month_on, age_months) do update set
      issued_points = excluded.issued_points,
      redeemed_points = excluded.redeemed_points,
      outstanding_points = excluded.outstanding_points
    where (points_vintages.issued_points, points_vintages.redeemed_points, points_vintages.outstanding_points)
      is distinct from (excluded.issued_points, excluded.redeemed_points, excluded.outstanding_points)
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written)
  into rows_written;

  select count(*)
  into month_count
  from base.points_vintages;

  -- Less than half a year of issue tells nothing about the end.
  if month_count >= 6 then
    insert into app.points_liability_days (
      as_of_on, outstanding_points, expected_points, liability_amount, breakage_rate, vintage_months
    )
    select
      as_of,
      sum(points_vintages.outstanding_points),
      sum(points_vintages.expected_points),
      round(sum(points_vintages.expected_points) * (select points_policies.point_value from app.points_policies), 2),
      least(
        greatest(
          1 - sum(points_vintages.redeemed_points + points_vintages.expected_points) / nullif(sum(points_vintages.issued_points), 0), 0
        ),
        1
      ),
      month_count
    from base.points_vintages
    on conflict (as_of_on) do update set
      outstanding_points = excluded.outstanding_points,
      expected_points = excluded.expected_points,
      liability_amount = excluded.liability_amount,
      breakage_rate = excluded.breakage_rate,
      vintage_months = excluded.vintage_months;
  end if;

  return rows_written;
end;
$$;

comment on function ops.points_vintages(date) is
  'Follows the points issued in each month of the last three years as they grow older: what was redeemed at each age in months that is
over before as_of; and, from half a year of them on, keeps what the points outstanding are expected to cost. A day before the
latest one computed changes nothing. Returns the rows written.';
