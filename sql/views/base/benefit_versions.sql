create view base.benefit_versions as
select
  versions.id as version_id,
  versions.record_id as benefit_id,
  versions.effective_from_at,
  versions.effective_until_at,
  benefit.kind,
  benefit.status,
  benefit.point_multiplier,
  benefit.quota,
  benefit.quota_period,
  coalesce(benefit.carry_over, false) as carry_over,
  benefit.carry_over_cap,
  coalesce(benefit.by_package_only, false) as by_package_only,
  coalesce(benefit.tiers, '{}') as tiers,
  coalesce(benefit.segments, '{}') as segments,
  nullif(benefit.customer_condition, '{}') as customer_condition,
  coalesce(benefit.occasion, 'always') as occasion,
  benefit.occasion_days,
  benefit.starts_on,
  benefit.ends_on,
  benefit.unit_cost,
  benefit.budget_id,
  coalesce(benefit.cost_kind, 'promotion') as cost_kind,
  benefit.fulfilment,
  benefit.coupon_template_id,
  benefit.owner_role,
  benefit.handle_hours,
  benefit.remind_days,
  coalesce(benefit.remind_channels, '{}') as remind_channels
from base.programme_versions as versions
cross join lateral jsonb_to_record(versions.body) as benefit (
  kind text, status text, point_multiplier numeric, quota integer, quota_period text, carry_over boolean, carry_over_cap integer,
  by_package_only boolean, tiers bigint[], segments bigint[], customer_condition jsonb, occasion text, occasion_days integer,
  starts_on date, ends_on date, unit_cost numeric, budget_id bigint, cost_kind text, fulfilment text, coupon_template_id bigint, owner_role text, handle_hours integer,
  remind_days integer, remind_channels text[]
)
where versions.resource = 'benefits'
  and versions.body is not null;

comment on view base.benefit_versions is
  'Benefits as they held
One row per version of a benefit, with the time from which and until which it holds.';
