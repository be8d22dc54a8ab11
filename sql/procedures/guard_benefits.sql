-- After a change of a benefit: what cannot be said over one record alone.
create function ops.guard_benefits(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  package app.benefit_packages;
  coupon app.coupon_templates;
begin
  perform ops.keep_benefit_version(record_id, user_id);
  if after is null then
    return;
  end if;

  if after ->> 'kind' = 'point_multiplier' and coalesce(after -> 'customer_condition', 'null') not in ('null', '{}') then
    raise exception '积分加倍按下单时的等级、客群与时机判断，不支持其他条件 | Points are multiplied by tier, segment and occasion at the order: there is no further condition'
      using errcode = 'EG422', column = 'customer_condition';
  end if;

  -- Coupons, benefits and packages that depend on each other change one at a time.
  perform pg_advisory_xact_lock(hashtextextended('evergreen benefits', 0));

  if after ->> 'status' = 'active' then
    select coupon_templates.*
    into coupon
    from app.coupon_templates
    where coupon_templates.id = (after ->> 'coupon_template_id')::bigint
      and coupon_templates.status in ('draft', 'ended');

    if found then
      raise exception '优惠券“%”尚未启用或已结束 | The coupon “%” is a draft, or has ended', coupon.name, coupon.name_en
        using errcode = 'EG422', column = 'coupon_template_id';
    end if;
  elsif before ->> 'status' = 'active' then
    select benefit_packages.*
    into package
    from app.benefit_package_items
    inner join app.benefit_packages
      on benefit_packages.id = benefit_package_items.package_id
    where benefit_package_items.benefit_id = record_id
      and benefit_packages.status = 'active'
    order by benefit_packages.id
    limit 1;

    if found then
      raise exception '权益包“%”中还有此权益 | The package “%” has this benefit', package.name, package.name_en
        using errcode = 'EG422', column = 'status', hint = '请先将它移出权益包 | Take it out of the package first';
    end if;
  end if;
end;
$$;

comment on function ops.guard_benefits(bigint, bigint, jsonb, jsonb) is
  'An active benefit gives a coupon that is in use; a benefit in an active package stays active; what multiplies points asks nothing that the engine does not know. Keeps the benefit as it holds from now on.';
