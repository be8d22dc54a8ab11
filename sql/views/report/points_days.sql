create view report.points_days as

select
  (points_entries.occurred_at at time zone programme.time_zone)::date as day,
  sum(
    case
      when points_entries.from_state = 'issued' then points_entries.points
      when points_entries.to_state = 'issued' then -points_entries.points
      else 0
    end
  )::bigint as issued_points,
  sum(
    case
      when points_entries.to_state = 'spent' then points_entries.points
      when points_entries.from_state = 'spent' then -points_entries.points
      else 0
    end
  )::bigint as spent_points,
  sum(
    case
      when points_entries.to_state = 'expired' then points_entries.points
      when points_entries.from_state = 'expired' then -points_entries.points
      else 0
    end
  )::bigint as expired_points,
  sum(
    case
      when points_entries.to_state = 'reversed' then points_entries.points
      when points_entries.from_state = 'reversed' then -points_entries.points
      else 0
    end
  )::bigint as reversed_points
from base.points_entries
cross join base.programme
where points_entries.account = 'points'
group by 1;

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
