create view base.points_entries as
select
  points_entries.id,
  points_entries.customer_id,
  points_entries.kind,
  points_entries.account,
  points_entries.from_state,
  points_entries.to_state,
  points_entries.points,
  case
    when points_entries.to_state = 'available' then points_entries.points
    when points_entries.from_state = 'available' then -points_entries.points
    when points_entries.from_state = 'debt' then -points_entries.points
    when points_entries.to_state = 'debt' then points_entries.points
    else 0
  end as change,
  points_entries.fact_kind,
  points_entries.fact_id,
  nullif(points_entries.rule_id, 0) as rule_id,
  points_entries.redemption_id,
  points_entries.correction,
  points_entries.occurred_at,
  points_entries.recorded_at
from app.points_entries
where points_entries.book_id = 0;

comment on view base.points_entries is
  'Points entries
One row per movement of points from one state to another; change is what it does to the balance (available less owed).';
