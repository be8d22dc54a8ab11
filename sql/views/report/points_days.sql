create view report.points_days as

-- What is added to the days and what still waits to be is the whole at any moment.
with days as (
  select
    points_day.day,
    points_day.issued_points,
    points_day.spent_points,
    points_day.expired_points,
    points_day.reversed_points
  from app.points_day
  union all
  select
    points_day_changes.day,
    points_day_changes.issued_points,
    points_day_changes.spent_points,
    points_day_changes.expired_points,
    points_day_changes.reversed_points
  from app.points_day_changes
)

select
  days.day,
  sum(days.issued_points)::bigint as issued_points,
  sum(days.spent_points)::bigint as spent_points,
  sum(days.expired_points)::bigint as expired_points,
  sum(days.reversed_points)::bigint as reversed_points
from days
group by days.day;

comment on view report.points_days is
  '每日积分 / Points by day
One row per programme day with movements of points; growth value is left out.';

comment on column report.points_days.day is
  '日期 / Date
Programme day.';
comment on column report.points_days.issued_points is
  '发放积分 / Issued
Points that were earned or given.';
comment on column report.points_days.spent_points is
  '使用积分 / Spent
Points that were redeemed or paid with, less those given back.';
comment on column report.points_days.expired_points is
  '过期积分 / Expired
Points whose last day was over.';
comment on column report.points_days.reversed_points is
  '收回积分 / Reversed
Points taken back, as the order came back.';
