create view base.task_grants as
select
  task_grants.id,
  task_grants.customer_id,
  task_grants.task_id,
  completions.progress_id,
  completions.step_name,
  completions.step_name_en,
  completions.turn,
  task_grants.kind,
  case task_grants.kind when 'coupon' then task_grants.thing_id end as coupon_template_id,
  case task_grants.kind when 'package' then task_grants.thing_id end as package_id,
  case task_grants.kind when 'title' then task_grants.thing_id end as title_id,
  case task_grants.kind when 'coupon' then task_grants.given_id end as coupon_id,
  task_grants.points,
  task_grants.state,
  task_grants.refusal,
  task_grants.given_at,
  task_grants.taken_points,
  task_grants.used_count,
  task_grants.taken_at,
  task_grants.source,
  task_grants.external_id
from app.task_grants
inner join base.task_completions as completions
  on completions.customer_id = task_grants.customer_id
  and completions.id = task_grants.completion_id;

comment on view base.task_grants is
  'Rewards of tasks
One row per reward of a step: given, refused with the reason, taken back, or kept because it was used.';
