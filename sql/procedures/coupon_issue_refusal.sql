create function ops.coupon_issue_refusal(template app.coupon_templates, customer bigint, by_customer boolean, at timestamptz)
returns text
language plpgsql
stable
-- Kept plans, also where the routine that asks plans anew.
set plan_cache_mode = auto
-- One question after the other: as one expression each customer would be asked by a plan of all of them.
as $$
begin
  if template.status <> 'active' then
    return 'not_active';
  elsif by_customer and template.distribution = 'issue' then
    return 'not_offered';
  elsif by_customer and template.claim_from_at > at then
    return 'not_started';
  elsif template.claim_until_at <= at or (template.validity_kind = 'fixed' and template.valid_until_at <= at) then
    return 'expired';
  end if;

  if not exists (
    select
    from app.customers
    where customers.id = customer
      and customers.status = 'active'
  ) then
    return 'wrong_customer';
  end if;

  if template.tiers <> '{}' and not exists (
    select
    from app.tier_stays
    where tier_stays.book_id = 0
      and tier_stays.customer_id = customer
      and tier_stays.tier_id = any (template.tiers)
      and tier_stays.entered_at <= at
      and coalesce(tier_stays.left_at > at, true)
  ) then
    return 'wrong_customer';
  end if;

  if template.segments <> '{}' and not exists (
    select
    from app.segment_memberships
    inner join base.segments
      on segments.rule_set_id = segment_memberships.rule_set_id
      and segments.segment_code = segment_memberships.segment_code
    cross join app.settings
    where segment_memberships.customer_id = customer
      and segments.id = any (template.segments)
      and segment_memberships.entered_on <= (at at time zone settings.time_zone)::date
      and coalesce(segment_memberships.left_on > (at at time zone settings.time_zone)::date, true)
  ) then
    return 'wrong_customer';
  end if;
  return null;
end;
$$;

comment on function ops.coupon_issue_refusal(app.coupon_templates, bigint, boolean, timestamptz) is
  'Why a customer may not have a coupon of a template at a moment, limits and budgets left aside; null: they may. by_customer: they ask for it themselves.';
