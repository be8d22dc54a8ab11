-- Points cost money: what a point is worth, the budget that a rule is charged to, and where a lot's money was taken from.

alter table app.points_policies add column point_value numeric(8, 2) not null default 0.01 check (point_value >= 0);
comment on column app.points_policies.point_value is 'What a point costs, to the cent, so that sums are exact; 0: points cost nothing.';

-- From now on, where the policy holds already.
insert into app.programme_versions (resource, record_id, effective_from_at, body)
select
  'points_policies',
  points_policies.id,
  now(),
  to_jsonb(points_policies) - 'version'
from app.points_policies
where exists (
  select
  from app.programme_versions
  where programme_versions.resource = 'points_policies'
    and programme_versions.record_id = points_policies.id
);

alter table app.earn_rules
  add column campaign_id bigint references app.campaigns on delete restrict,
  add column budget_id bigint references app.budgets on delete restrict,
  add column cost_kind text not null default 'promotion' check (cost_kind in ('referral', 'promotion', 'technology', 'contingency'));
create index earn_rules_campaign_id_idx on app.earn_rules (campaign_id);
create index earn_rules_budget_id_idx on app.earn_rules (budget_id);
comment on column app.earn_rules.campaign_id is 'It counts only while the campaign runs, and is charged to its budget where it names none itself.';
comment on column app.earn_rules.budget_id is 'Its points are granted only as far as this budget has room; without one nobody is asked.';

alter table app.points_lots
  add column segment_line_id bigint,
  add column kind_line_id bigint,
  add column point_value numeric(8, 2);
comment on column app.points_lots.segment_line_id is
  'The lines of a budget that its points are charged to, at point_value each, whatever becomes of them: what is pending is reserved, what is available or reserved is committed, what is spent is spent, what expired or was taken back is released.';

alter table app.decisions drop constraint decisions_outcome_check;
alter table app.decisions add constraint decisions_outcome_check
  check (outcome in ('granted', 'capped', 'outranked', 'below_one', 'refused'));

alter table app.engine_rules
  add column campaign_id bigint,
  add column budget_id bigint,
  add column cost_kind text;

create unlogged table app.engine_runs (
  run_id bigint primary key,
  entries_before bigint not null
);
comment on table app.engine_runs is 'Runs under way: the movements of points that they book have higher numbers than entries_before.';

create unlogged table app.engine_lines (
  run_id bigint not null,
  line_id bigint not null,
  budget_id bigint not null,
  dimension text not null,
  position integer not null,
  rule_set_id bigint,
  segment_code text,
  cost_kind text,
  amount numeric not null,
  room numeric not null,
  stops boolean not null,
  status text not null,
  starts_on date,
  ends_on date,
  primary key (run_id, line_id)
);
comment on table app.engine_lines is 'The lines of budgets that the rules of a run are charged to, locked by it, with the room that the run has left.';

-- A campaign that its budget stops, and that goes on when there is money again.
alter table app.campaigns drop constraint campaigns_status_check;
alter table app.campaigns add constraint campaigns_status_check
  check (status in ('draft', 'review', 'approved', 'running', 'stopped', 'ended', 'reviewed'));
alter table app.campaigns
  add column stopped_at timestamptz,
  add column stopped_reason text check (stopped_reason in ('budget_exhausted')),
  add column started_at timestamptz,
  add column ended_at timestamptz,
  add constraint campaigns_stopped check ((status = 'stopped') = (stopped_at is not null) and (stopped_at is null) = (stopped_reason is null));
comment on column app.campaigns.started_at is 'When it was started before its first day.';
comment on column app.campaigns.ended_at is 'When it was ended before its last day.';

create table app.campaign_stops (
  id bigint generated always as identity primary key,
  campaign_id bigint not null references app.campaigns on delete cascade,
  reason text not null check (reason in ('budget_exhausted')),
  segment_line_id bigint references app.budget_lines on delete restrict,
  kind_line_id bigint references app.budget_lines on delete restrict,
  stopped_at timestamptz not null default now(),
  resumed_at timestamptz,
  resumed_by bigint references app.users on delete set null,
  check (resumed_at >= stopped_at)
);
create index campaign_stops_campaign_id_idx on app.campaign_stops (campaign_id, stopped_at);
create index campaign_stops_segment_line_id_idx on app.campaign_stops (segment_line_id);
create index campaign_stops_kind_line_id_idx on app.campaign_stops (kind_line_id);
create index campaign_stops_resumed_by_idx on app.campaign_stops (resumed_by);
comment on table app.campaign_stops is
  'Times in which a campaign stood still because a budget had no room for what it promised: the lines that were asked, and who let it go on.';
