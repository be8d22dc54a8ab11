create function ops.automation_cost(steps jsonb)
returns numeric
language sql
stable
begin atomic
  select coalesce(
    sum(
      case listed.step ->> 'kind'
        when 'coupon' then (
          select ops.coupon_cost(coupon_templates)
          from app.coupon_templates
          where coupon_templates.id = (listed.step ->> 'coupon_template_id')::bigint
        )
        when 'benefit' then (
          select benefits.unit_cost * coalesce(benefits.quota, 1)
          from app.benefits
          where benefits.id = (listed.step ->> 'benefit_id')::bigint
        )
        -- A quota of its own lasts for the package; that of the benefit comes anew with each of its periods.
        when 'package' then (
          select sum(
            benefits.unit_cost
            * coalesce(
              items.quota,
              benefits.quota * greatest(
                1,
                ceil(
                  case packages.period when 'month' then 30 when 'quarter' then 91 when 'year' then 365 else packages.period_days end
                  / case benefits.quota_period when 'month' then 31 when 'quarter' then 92 when 'year' then 366 end::numeric
                )
              ),
              1
            )
          )
          from app.benefit_packages as packages
          inner join app.benefit_package_items as items
            on items.package_id = packages.id
          inner join app.benefits
            on benefits.id = items.benefit_id
          where packages.id = (listed.step ->> 'package_id')::bigint
        )
        when 'points' then (listed.step ->> 'points')::numeric * (select points_policies.point_value from app.points_policies)
      end
    ),
    0
  )
  from jsonb_array_elements(automation_cost.steps) as listed (step);
end;

comment on function ops.automation_cost(jsonb) is
  'What somebody who goes through every step of an automation once costs at most: coupons, points, benefits and packages as if all of them were used, what is not counted as once.';
