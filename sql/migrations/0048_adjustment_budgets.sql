-- What staff give costs as much as what rules give: where it is charged to a budget, it passes the same gate.

alter table app.points_adjustments
  add column budget_id bigint references app.budgets on delete restrict,
  add column cost_kind text check (cost_kind in ('referral', 'promotion', 'technology', 'contingency')),
  add column segment_line_id bigint references app.budget_lines on delete restrict,
  add column kind_line_id bigint references app.budget_lines on delete restrict,
  add column point_value numeric(14, 6),
  add constraint points_adjustments_budget_check check (
    budget_id is null
    or (points > 0 and segment_line_id is not null and kind_line_id is not null and point_value > 0)
  );
create index points_adjustments_budget_id_idx on app.points_adjustments (budget_id) where budget_id is not null;
create index points_adjustments_segment_line_id_idx on app.points_adjustments (segment_line_id) where segment_line_id is not null;
create index points_adjustments_kind_line_id_idx on app.points_adjustments (kind_line_id) where kind_line_id is not null;
comment on column app.points_adjustments.budget_id is 'What paid for it, with the lines of its segment and cost kind; empty: nothing was asked.';
comment on column app.points_adjustments.point_value is 'What a point cost then.';
