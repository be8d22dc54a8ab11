-- A page of what happened with a customer costs what the page holds, however long their history is: each source is read from its
-- latest on.

create index orders_course_idx on app.orders (customer_id, (coalesce(paid_at, placed_at)), id);
create index returns_course_idx on app.returns (customer_id, returned_at, id);
create index redemptions_reserved_at_idx on app.redemptions (customer_id, reserved_at, id);
create index redemptions_confirmed_at_idx on app.redemptions (customer_id, confirmed_at, id) where confirmed_at is not null;
create index redemptions_cancelled_at_idx on app.redemptions (customer_id, cancelled_at, id) where cancelled_at is not null;
create index points_adjustments_course_idx on app.points_adjustments (customer_id, adjusted_at, id);
create index benefit_uses_course_idx on app.benefit_uses (customer_id, used_at, id);
create index events_course_idx on app.events (customer_id, occurred_at, id)
  where kind in ('check_in', 'share', 'review', 'task_action') or campaign_code is not null;

-- What facts do is found by their lots; only what they undo, and what time alone does, is looked for here.
create index points_entries_timed_idx on app.points_entries (customer_id, occurred_at, kind)
  where book_id = 0 and account = 'points' and kind in ('activate', 'expire');
create index points_entries_undone_idx on app.points_entries (customer_id, fact_kind, fact_id)
  where book_id = 0 and (correction or kind in ('extend', 'reverse', 'borrow', 'repay', 'write_off'));
