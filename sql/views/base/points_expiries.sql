create view base.points_expiries as
select
  min(points_lots.id) as id,
  points_lots.customer_id,
  (points_lots.expires_at at time zone settings.time_zone)::date - 1 as last_on,
  sum(points_lots.available)::bigint as available,
  sum(points_lots.pending)::bigint as pending,
  sum(points_lots.reserved)::bigint as reserved,
  count(*) as lot_count
from app.points_lots
cross join app.settings
where points_lots.book_id = 0
  and points_lots.account = 'points'
  and points_lots.expires_at is not null
  and points_lots.pending + points_lots.available + points_lots.reserved > 0
group by points_lots.customer_id, points_lots.expires_at, settings.time_zone;

comment on view base.points_expiries is
  'Points by their last day
One row per customer and day through which points can be used, with how many; points without an end are left out.';
