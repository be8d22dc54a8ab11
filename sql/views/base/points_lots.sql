create view base.points_lots as
select
  points_lots.id,
  points_lots.customer_id,
  points_lots.account,
  points_lots.origin_kind,
  points_lots.origin_id,
  nullif(points_lots.rule_id, 0) as rule_id,
  points_lots.earned_at,
  points_lots.earned_on,
  points_lots.available_at,
  points_lots.expires_at,
  points_lots.basis_amount,
  points_lots.issued,
  points_lots.pending,
  points_lots.available,
  points_lots.reserved,
  points_lots.spent,
  points_lots.expired,
  points_lots.reversed
from app.points_lots
where points_lots.book_id = 0;

comment on view base.points_lots is
  'Points lots
One row per credit of points or growth value, with where its points are now.';
