create view report.task_months as

-- Month by month, so that of the last few no more than these are read.
with months as (
  select
    each_month::date as month_on,
    each_month at time zone programme.time_zone as from_at,
    (each_month + interval '1 month') at time zone programme.time_zone as until_at
  from base.programme
  cross join generate_series(
    date_trunc('month', (select min(task_progress.started_at) from app.task_progress) at time zone programme.time_zone),
    (select max(task_progress.started_at) from app.task_progress) at time zone programme.time_zone,
    interval '1 month'
  ) as each_month
),

begun as (
  select
    months.month_on,
    counted.task_id,
    counted.begun_count,
    counted.customer_count,
    counted.done_count,
    counted.lapsed_count,
    counted.taken_back_count,
    counted.running_count
  from months
  cross join lateral (
    select
      task_progress.task_id,
      count(*) as begun_count,
      count(distinct task_progress.customer_id) as customer_count,
      count(*) filter (where task_progress.state = 'done') as done_count,
      count(*) filter (where task_progress.state = 'lapsed') as lapsed_count,
      count(*) filter (where task_progress.state = 'taken_back') as taken_back_count,
      count(*) filter (where task_progress.state = 'running') as running_count
    from base.task_progress
    where task_progress.started_at >= months.from_at
      and task_progress.started_at < months.until_at
    group by task_progress.task_id
  ) as counted
)

select
  begun.month_on,
  tasks.code as task_code,
  tasks.name as task_name,
  tasks.name_en as task_name_en,
  begun.begun_count,
  begun.customer_count,
  begun.done_count,
  begun.lapsed_count,
  begun.taken_back_count,
  begun.running_count,
  begun.begun_count - begun.running_count as closed_count
from begun
inner join app.tasks
  on tasks.id = begun.task_id;

comment on view report.task_months is
  '每月任务 / Tasks by month
One row per task and month in which customers began it, with what became of it by now.';

comment on column report.task_months.month_on is
  '开始月份 / Month begun
Month in which it was begun.';
comment on column report.task_months.task_code is
  '任务编码 / Task code
Code of the task.';
comment on column report.task_months.task_name is
  '任务 / Task
Chinese name of the task.';
comment on column report.task_months.task_name_en is
  '任务（英文） / Task (English)
English name of the task.';
comment on column report.task_months.begun_count is
  '开始次数 / Begun
How often it was begun, once per customer and period.';
comment on column report.task_months.customer_count is
  '开始客户 / Customers
Customers who began it.';
comment on column report.task_months.done_count is
  '完成次数 / Done
Those of which all steps are done.';
comment on column report.task_months.lapsed_count is
  '逾期次数 / Lapsed
Those whose time was over before all steps were done.';
comment on column report.task_months.taken_back_count is
  '收回次数 / Taken back
Those of which something was taken back, and that are not done.';
comment on column report.task_months.running_count is
  '进行中 / Running
Those that may still be done.';
comment on column report.task_months.closed_count is
  '已结束 / Closed
Those that are done or can no longer be done.';
