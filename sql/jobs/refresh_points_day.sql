-- every: */5 * * * *
-- label: 更新每日积分 | Refresh points by day
-- queue: app.points_day_changes
-- In one statement, so that what is read of both tables together is exact at any moment, and costs what came in: a late entry adds
-- to its day, and no history is read.
create function ops.refresh_points_day(as_of date default null)
returns bigint
language plpgsql
volatile
as $$
declare
  written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_points_day', 0));

  with batch as materialized (
    select points_day_changes.id
    from app.points_day_changes
    order by points_day_changes.id
    limit 100000
  ),

  drained as (
    delete from app.points_day_changes
    using batch
    where points_day_changes.id = batch.id
    returning
      points_day_changes.day,
      points_day_changes.issued_points,
      points_day_changes.spent_points,
      points_day_changes.expired_points,
      points_day_changes.reversed_points
  )

  insert into app.points_day (day, issued_points, spent_points, expired_points, reversed_points)
  select
    drained.day,
    sum(drained.issued_points),
    sum(drained.spent_points),
    sum(drained.expired_points),
    sum(drained.reversed_points)
  from drained
  group by drained.day
  -- In one order, whoever writes.
  order by drained.day
  on conflict (day) do update set
    issued_points = points_day.issued_points + excluded.issued_points,
    spent_points = points_day.spent_points + excluded.spent_points,
    expired_points = points_day.expired_points + excluded.expired_points,
    reversed_points = points_day.reversed_points + excluded.reversed_points;

  get diagnostics written = row_count;
  return written;
end;
$$;

comment on function ops.refresh_points_day(date) is
  'Adds up to 100,000 rows of app.points_day_changes to their days of app.points_day and removes them; returns the days written. Two
workers take turns.';
