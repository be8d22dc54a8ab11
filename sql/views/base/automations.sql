create view base.automations as
select
  automations.id,
  automations.code,
  automations.name,
  automations.name_en,
  automations.status,
  automations.description,
  automations.trigger,
  automations.trigger_segments,
  automations.include_present,
  automations.trigger_fact,
  automations.days_before,
  automations.repeat_from,
  automations.repeat,
  automations.repeat_interval,
  automations.repeat_weekdays,
  automations.starts_on,
  automations.ends_on,
  automations.tiers,
  automations.segments,
  automations.audience_filter,
  automations.reentry,
  automations.reentry_days,
  automations.holdout_rate,
  automations.campaign_id,
  automations.cost_kind,
  automations.budget_id,
  automations.exits,
  automations.goal_days,
  automations.steps,
  automations.launched_at,
  automations.launched_on,
  coalesce(counted.entered, 0) as entered_count,
  coalesce(counted.running, 0) as running_count,
  coalesce(counted.held_out, 0) as held_out_count,
  automations.extras,
  automations.version,
  automations.created_at,
  automations.updated_at
from app.automations
left join lateral (
  select
    count(*) filter (where automation_runs.status <> 'held_out') as entered,
    count(*) filter (where automation_runs.status = 'running') as running,
    count(*) filter (where automation_runs.status = 'held_out') as held_out
  from app.automation_runs
  where automation_runs.automation_id = automations.id
) as counted
  on true;

comment on view base.automations is
  'Automations
One row per automation, with how many journeys began, are under way, and how many customers were held out.';
