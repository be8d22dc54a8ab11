create view base.benefit_packages as

with items as (
  select
    benefit_package_items.package_id,
    count(*) as item_count,
    sum(
      benefits.unit_cost
      * coalesce(
        benefit_package_items.quota,
        -- A benefit counted in shorter periods than the package is granted for comes that often.
        benefits.quota * greatest(
          1,
          case benefit_packages.period
            when 'month' then 1
            when 'quarter' then 3
            when 'year' then 12
            else ceil(benefit_packages.period_days / 30.0)
          end
          / case benefits.quota_period when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end
        )
      )
    ) as grant_cost
  from app.benefit_package_items
  inner join app.benefit_packages
    on benefit_packages.id = benefit_package_items.package_id
  inner join app.benefits
    on benefits.id = benefit_package_items.benefit_id
  group by benefit_package_items.package_id
)

select
  benefit_packages.id,
  benefit_packages.code,
  benefit_packages.name,
  benefit_packages.name_en,
  benefit_packages.status,
  benefit_packages.grant_kind,
  benefit_packages.period,
  benefit_packages.period_days,
  benefit_packages.tiers,
  benefit_packages.segments,
  benefit_packages.starts_on,
  benefit_packages.ends_on,
  benefit_packages.max_grants,
  benefit_packages.remind_days,
  benefit_packages.remind_channels,
  benefit_packages.description,
  coalesce(items.item_count, 0) as item_count,
  items.grant_cost::numeric(14, 2) as grant_cost,
  benefit_packages.extras,
  benefit_packages.version,
  benefit_packages.created_at,
  benefit_packages.updated_at
from app.benefit_packages
left join items
  on items.package_id = benefit_packages.id;

comment on view base.benefit_packages is
  'Benefit packages
One row per package. grant_cost: what one grant costs when every counted benefit in it is used up; benefits without a quota or a cost are left out.';
