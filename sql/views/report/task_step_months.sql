create view report.task_step_months as

with begun as (
  select
    date_trunc('month', task_progress.started_at at time zone programme.time_zone)::date as month_on,
    task_progress.task_id,
    steps.step_id,
    count(*) as begun_count,
    count(*) filter (where steps.turns > 0) as reached_count,
    sum(steps.turns)::bigint as turn_count
  from app.task_progress
  cross join base.programme
  cross join lateral jsonb_to_recordset(task_progress.steps) as steps (step_id bigint, turns integer)
  where task_progress.state <> 'taken_back'
    or task_progress.steps_done > 0
  group by 1, 2, 3
),

given as (
  select
    date_trunc('month', task_progress.started_at at time zone programme.time_zone)::date as month_on,
    task_completions.step_id,
    count(*) filter (where task_grants.kind = 'coupon') as coupon_count,
    coalesce(sum(task_grants.points) filter (where task_grants.kind = 'points'), 0)::bigint as points,
    count(*) filter (where task_grants.kind = 'title') as title_count
  from app.task_grants
  cross join base.programme
  inner join app.task_completions
    on task_completions.customer_id = task_grants.customer_id
    and task_completions.id = task_grants.completion_id
  inner join app.task_progress
    on task_progress.customer_id = task_completions.customer_id
    and task_progress.task_id = task_completions.task_id
    and task_progress.occurrence = task_completions.occurrence
  where task_grants.state in ('given', 'kept')
  group by 1, 2
)

select
  begun.month_on,
  tasks.code as task_code,
  tasks.name as task_name,
  tasks.name_en as task_name_en,
  task_steps.position as step_position,
  task_steps.name as step_name,
  task_steps.name_en as step_name_en,
  begun.begun_count,
  begun.reached_count,
  begun.turn_count,
  coalesce(given.coupon_count, 0) as coupon_count,
  coalesce(given.points, 0) as points,
  coalesce(given.title_count, 0) as title_count
from begun
inner join app.tasks
  on tasks.id = begun.task_id
-- A step that was taken out since is not told of any more.
inner join app.task_steps
  on task_steps.id = begun.step_id
left join given
  on given.month_on = begun.month_on
  and given.step_id = begun.step_id;

comment on view report.task_step_months is
  '每月任务步骤 / Steps of tasks by month
One row per step of a task and month in which customers began the task, with how many of them reached it by now and what it gave.';

comment on column report.task_step_months.month_on is
  '开始月份 / Month begun
Month in which the task was begun.';
comment on column report.task_step_months.task_code is
  '任务编码 / Task code
Code of the task.';
comment on column report.task_step_months.task_name is
  '任务 / Task
Chinese name of the task.';
comment on column report.task_step_months.task_name_en is
  '任务（英文） / Task (English)
English name of the task.';
comment on column report.task_step_months.step_position is
  '步骤序号 / Place of the step
Place of the step in its task, from 1.';
comment on column report.task_step_months.step_name is
  '步骤 / Step
Chinese name of the step.';
comment on column report.task_step_months.step_name_en is
  '步骤（英文） / Step (English)
English name of the step.';
comment on column report.task_step_months.begun_count is
  '开始次数 / Begun
How often the task was begun, once per customer and period.';
comment on column report.task_step_months.reached_count is
  '达成次数 / Reached
Of those begun, how many reached the step at least once.';
comment on column report.task_step_months.turn_count is
  '达成总次数 / Times reached
How often the step was reached in all.';
comment on column report.task_step_months.coupon_count is
  '优惠券 / Coupons
Coupons given for it and not taken back.';
comment on column report.task_step_months.points is
  '积分 / Points
Points given for it and not taken back.';
comment on column report.task_step_months.title_count is
  '头衔 / Titles
Titles and badges given for it and not taken back.';
