create view base.metric_targets as

select
  metric_targets.id,
  metric_targets.metric,
  metric_targets.grain,
  metric_targets.measure,
  metric_targets.target_rate,
  metric_targets.target_value,
  coalesce(metric_targets.target_rate, metric_targets.target_value) as target,
  case metric_targets.measure
    when 'rate' then trim_scale(metric_targets.target_rate * 100) || '%'
    else trim_scale(metric_targets.target_value)::text
  end as target_text,
  metric_targets.margin_rate,
  metric_targets.starts_on,
  metric_targets.ends_on,
  metric_targets.starts_on <= programme.today_on
  and coalesce(
    least(
      metric_targets.ends_on + 1,
      lead(metric_targets.starts_on) over (
        partition by metric_targets.metric, metric_targets.grain
        order by metric_targets.starts_on
      )
    ) > programme.today_on,
    true
  ) as in_force,
  metric_targets.owner_id,
  metric_targets.alert_after,
  metric_targets.note,
  metric_targets.version,
  metric_targets.created_at,
  metric_targets.updated_at
from app.metric_targets
cross join base.programme;

comment on view base.metric_targets is
  'Targets of metrics
One row per metric, length of period and day from which the target holds. It holds until its last day or until the next one begins.';
