create view report.quality_checks as

with latest_runs as (
  select distinct on (job_runs.job)
    job_runs.job,
    job_runs.state
  from app.job_runs
  where job_runs.state <> 'running'
  order by job_runs.job, job_runs.as_of_on desc, job_runs.id desc
),

-- Everybody beyond the first with the same number, address, or name and birthday.
duplicates as (
  select sum(same.customer_count - 1) as customer_count
  from (
    select count(*) as customer_count
    from app.customers
    where customers.status in ('active', 'blocked')
      and customers.phone is not null
    group by right(regexp_replace(customers.phone, '\D', '', 'g'), 11)
    having count(*) > 1
  ) as same
),

found as (
  select
    'waiting_facts' as code,
    '等待处理的事实' as name,
    'Facts that wait for the engine' as name_en,
    (select count(*) from app.inbox where inbox.waits_until_at is null or inbox.waits_until_at <= now()) as finding_count

  union all

  select
    'waiting_days',
    '等待汇总的日期',
    'Days that wait for the totals',
    (select count(distinct dirty_days.day) from app.dirty_days)

  union all

  select
    'waiting_returns',
    '找不到订单的退货',
    'Returns whose order is not known',
    (select count(*) from app.waiting_returns)

  union all

  select
    'unknown_products',
    '未识别商品的订单行',
    'Order lines of unknown products',
    (select count(*) from app.order_lines where order_lines.product_id is null)

  union all

  select
    'duplicates',
    '手机号相同的重复客户',
    'Customers with another''s phone number',
    (select coalesce(duplicates.customer_count, 0) from duplicates)

  union all

  select
    'refused_rows',
    '近 30 天导入被拒的行',
    'Rows refused by imports of the last 30 days',
    (
      select coalesce(sum(imports.wrong_count), 0)
      from app.imports
      cross join base.programme
      where imports.state = 'done'
        and imports.created_at >= (programme.today_on - 30)::timestamp at time zone programme.time_zone
    )

  union all

  select
    'failed_jobs',
    '最近一次失败的作业',
    'Jobs whose last run failed',
    (select count(*) from latest_runs where latest_runs.state = 'failed')

  union all

  select
    'stale_days',
    '待重算的客群与评分日',
    'Days of segments and scores to be worked out again',
    (select count(*) from app.segment_snapshots where segment_snapshots.stale)
    + (select count(*) from app.rfm_snapshots where rfm_snapshots.stale)

  union all

  select
    'failed_messages',
    '发送失败的消息',
    'Messages that failed',
    (select count(*) from app.messages where messages.state = 'failed')
)

select
  found.code,
  found.name,
  found.name_en,
  found.finding_count::bigint as finding_count,
  case when found.finding_count = 0 then 'fine' else 'look' end as status
from found;

comment on view report.quality_checks is
  '数据质量检查 / Checks of the data
One row per check: how much of it waits, was refused or failed, as it is now.';

comment on column report.quality_checks.code is
  '检查编码 / Check
Code of the check.';
comment on column report.quality_checks.name is
  '检查 / Check
What is looked for, Chinese.';
comment on column report.quality_checks.name_en is
  '检查（英文） / Check (English)
What is looked for, English.';
comment on column report.quality_checks.finding_count is
  '待处理数 / Findings
How many there are now.';
comment on column report.quality_checks.status is
  '状态 / Status
fine: none; look: some.';
