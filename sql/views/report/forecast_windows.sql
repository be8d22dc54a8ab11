create view report.forecast_windows as

with windows as (
  select
    forecast_days.measure,
    forecast_days.as_of_on,
    min(forecast_days.day) as starts_on,
    max(forecast_days.day) as ends_on,
    count(*) as day_count,
    sum(forecast_days.expected) as expected,
    sqrt(sum(((forecast_days.high - forecast_days.low) / 2) ^ 2)) as half_width
  from app.forecast_days
  group by forecast_days.measure, forecast_days.as_of_on
),

-- As many days before, as they came.
before as (
  select
    windows.measure,
    windows.as_of_on,
    sum(case windows.measure when 'orders' then order_day.order_count else order_day.amount end) as amount
  from windows
  inner join app.order_day
    on order_day.day >= windows.starts_on - windows.day_count::integer
    and order_day.day < windows.starts_on
  group by windows.measure, windows.as_of_on
),

-- A day's share of its month's target; no sum where a day has none.
targets as (
  select
    windows.measure,
    windows.as_of_on,
    sum(asked.target / extract(day from date_trunc('month', forecast_days.day::timestamp) + interval '1 month' - interval '1 day')) as target,
    count(asked.target) as day_count
  from windows
  inner join app.forecast_days
    on forecast_days.measure = windows.measure
    and forecast_days.as_of_on = windows.as_of_on
  cross join lateral (
    select metric_targets.target
    from base.metric_targets
    where metric_targets.metric = windows.measure
      and metric_targets.grain = 'month'
      and metric_targets.starts_on <= date_trunc('month', forecast_days.day::timestamp)
      and coalesce(metric_targets.ends_on, 'infinity') >= date_trunc('month', forecast_days.day::timestamp)
    order by metric_targets.starts_on desc
    limit 1
  ) as asked
  group by windows.measure, windows.as_of_on
)

select
  windows.measure,
  windows.as_of_on,
  windows.starts_on,
  windows.ends_on,
  windows.day_count,
  round(windows.expected, 2) as expected,
  round(greatest(windows.expected - windows.half_width, 0), 2) as low,
  round(windows.expected + windows.half_width, 2) as high,
  before.amount as before_value,
  round(targets.target, 2) as target
from windows
left join before
  on before.measure = windows.measure
  and before.as_of_on = windows.as_of_on
left join targets
  on targets.measure = windows.measure
  and targets.as_of_on = windows.as_of_on
  and targets.day_count = windows.day_count;

comment on view report.forecast_windows is
  '预测期合计 / Forecast of all days
One row per figure and day on which it was forecast: all the days that were forecast, together.';

comment on column report.forecast_windows.measure is
  '预测指标 / Figure
orders or revenue_gross.';
comment on column report.forecast_windows.as_of_on is
  '计算日期 / As of
Days strictly before this one were known.';
comment on column report.forecast_windows.starts_on is
  '开始日期 / From
First day that was forecast.';
comment on column report.forecast_windows.ends_on is
  '结束日期 / To
Last day that was forecast.';
comment on column report.forecast_windows.day_count is
  '天数 / Days
Days that were forecast.';
comment on column report.forecast_windows.expected is
  '预测值 / Expected
What these days are expected to bring together.';
comment on column report.forecast_windows.low is
  '区间下限 / Lower bound
Of 95%, as if the errors of the days did not depend on each other.';
comment on column report.forecast_windows.high is
  '区间上限 / Upper bound
Of 95%, as if the errors of the days did not depend on each other.';
comment on column report.forecast_windows.before_value is
  '此前同样天数 / As many days before
What came in as many days right before.';
comment on column report.forecast_windows.target is
  '同期目标 / Target
The monthly target of the figure, by days; empty where one of the days has none.';
