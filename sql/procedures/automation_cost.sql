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
        when 'points' then (listed.step ->> 'points')::numeric * (select points_policies.point_value from app.points_policies)
      end
    ),
    0
  )
  from jsonb_array_elements(automation_cost.steps) as listed (step);
end;

comment on function ops.automation_cost(jsonb) is
  'What somebody who goes through every step of an automation costs at most: coupons and points as if all were used.';
