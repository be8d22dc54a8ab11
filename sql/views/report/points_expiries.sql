create view report.points_expiries as
select
  (points_lots.expires_at at time zone programme.time_zone)::date - 1 as last_on,
  (points_lots.expires_at at time zone programme.time_zone)::date - 1 - programme.today_on as days_ahead,
  count(distinct points_lots.customer_id) as customer_count,
  sum(points_lots.available)::bigint as available,
  sum(points_lots.reserved)::bigint as reserved
from app.points_lots
cross join base.programme
where points_lots.book_id = 0
  and points_lots.account = 'points'
  and points_lots.available + points_lots.reserved > 0
  -- What lies ahead: what was due is expired.
  and points_lots.expires_at > programme.today_on::timestamp at time zone programme.time_zone
group by 1, 2;

comment on view report.points_expiries is
  '积分到期日历 / Points by their last day
One row per day from today on through which points can be used: how many, and of how many customers. Days without are absent.';

comment on column report.points_expiries.last_on is
  '最后可用日 / Last day
The last day on which they can be used.';
comment on column report.points_expiries.days_ahead is
  '天数 / Days ahead
How many days after today; 0: today.';
comment on column report.points_expiries.customer_count is
  '客户数 / Customers
Customers with such points.';
comment on column report.points_expiries.available is
  '可用积分 / Points available
Points that expire when the day is over.';
comment on column report.points_expiries.reserved is
  '预占积分 / Points reserved
Points reserved for a redemption; given back later they expire at once.';
