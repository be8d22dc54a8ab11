create view report.metric_targets as

select
  metric_targets.metric as metric_code,
  metric_targets.grain,
  metric_targets.target,
  metric_targets.margin_rate,
  metric_targets.starts_on,
  least(
    metric_targets.ends_on + 1,
    lead(metric_targets.starts_on) over (
      partition by metric_targets.metric, metric_targets.grain
      order by metric_targets.starts_on
    )
  ) as until_on
from base.metric_targets;

comment on view report.metric_targets is
  '指标目标值 / Targets of metrics
One row per metric, length of period and day from which the target holds.';

comment on column report.metric_targets.metric_code is
  '指标编码 / Metric code
Code of the metric in the registry.';
comment on column report.metric_targets.grain is
  '周期 / Period
day, week or month: what the target is for.';
comment on column report.metric_targets.target is
  '目标值 / Target
What the metric is to be in a period that begins while it holds; rates as 0.35.';
comment on column report.metric_targets.margin_rate is
  '可接受偏差 / Margin
Share of the target by which a figure without an interval may fall short and be at risk, not missed.';
comment on column report.metric_targets.starts_on is
  '生效日期 / From
Periods that begin on this day or later.';
comment on column report.metric_targets.until_on is
  '失效日期 / Until
Periods that begin before this day; empty: all later ones.';
