-- The evaluation of the stages as it was written; goals name the codes of the registry.
create table app.stage_evaluations (
  id bigint generated always as identity primary key,
  reported_on date not null,
  number integer not null check (number >= 1),
  body jsonb not null,
  sha256 text not null,
  written_at timestamptz not null default now(),
  constraint stage_evaluations_key unique (reported_on, number)
);
comment on table app.stage_evaluations is
  'The evaluation of the stages as it was written. Facts that came later make the next number, never another text. Append-only for every login but the owner.';
comment on column app.stage_evaluations.reported_on is 'The last day that it holds whole.';
comment on column app.stage_evaluations.sha256 is 'Of the body as text, hexadecimal.';
comment on column app.stage_evaluations.body is 'StageEvaluation of api/contract.ts: goals by stage with baseline, actual, pace and status, and what was held out to compare with.';

alter table app.value_models add column expected_amount numeric(16, 2);
comment on column app.value_models.expected_amount is 'What the next 12 months of all customers together are expected to be worth; empty before they were valued.';

update app.goals
set metric = case goals.metric
  when 'clv' then 'clv_12m'
  when 'task_completion_rate' then 'task_completion'
  else 'message_reach'
end
where goals.metric in ('clv', 'task_completion_rate', 'message_reach_rate');

update app.campaigns
set goal_metric = 'task_completion'
where campaigns.goal_metric = 'task_completion_rate';
