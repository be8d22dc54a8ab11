create view base.goals as

select
  goals.id,
  goals.stage,
  goals.name,
  goals.name_en,
  goals.metric,
  goals.segment_id,
  goals.measure,
  goals.baseline_rate,
  goals.baseline_value,
  goals.direction,
  goals.target_kind,
  goals.target_rate,
  goals.target_rate_max,
  goals.target_value,
  case goals.target_kind
    when 'relative' then
      case goals.direction when 'up' then '+' else '−' end || trim_scale(goals.target_rate * 100) || '%'
    when 'points' then
      case goals.direction when 'up' then '+' else '−' end || trim_scale(goals.target_value) || ' pt'
    else
      coalesce(
        case goals.measure
          when 'rate' then trim_scale(goals.baseline_rate * 100) || '% → '
          else trim_scale(goals.baseline_value) || ' → '
        end,
        case when goals.target_rate_max is null then case goals.direction when 'up' then '≥ ' else '≤ ' end end,
        ''
      )
      || case goals.measure
        when 'rate' then trim_scale(goals.target_rate * 100) || coalesce('–' || trim_scale(goals.target_rate_max * 100), '') || '%'
        else trim_scale(goals.target_value)::text
      end
  end as target_text,
  goals.weight,
  goals.from_month,
  goals.to_month,
  (settings.started_on + make_interval(months => goals.from_month))::date as starts_on,
  (settings.started_on + make_interval(months => goals.to_month))::date - 1 as due_on,
  goals.owner_id,
  goals.owner_team,
  goals.status,
  goals.note,
  goals.extras,
  goals.version,
  goals.created_at,
  goals.updated_at
from app.goals
cross join app.settings;

comment on view base.goals is
  'Goals by stage
One row per goal, with its target in signs and its first and last day, which follow from the first day of the programme.';
