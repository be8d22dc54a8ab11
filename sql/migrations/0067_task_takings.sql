-- Points that a task takes back are those it had given, and what they cost goes back to the budget that paid for them.
alter table app.points_adjustments
  add column takes_back_id bigint,
  add constraint points_adjustments_takes_back_fkey
    foreign key (customer_id, takes_back_id) references app.points_adjustments (customer_id, id) on delete restrict,
  add constraint points_adjustments_takes_back_check check (takes_back_id is null or points < 0);
create index points_adjustments_takes_back_idx on app.points_adjustments (customer_id, takes_back_id) where takes_back_id is not null;
comment on column app.points_adjustments.takes_back_id is
  'The gift that is taken back: its own lot first, and what that cost goes back to its budget. Empty: taken like any points, earliest expiry first.';
