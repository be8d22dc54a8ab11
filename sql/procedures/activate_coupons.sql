-- What happens once in a life (registration, first and second order, first referral) counts also when it happened before the
-- coupon was received: it could not happen again. The other events have to come after it.
create function ops.activate_coupons(customers bigint[], at timestamptz)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  activated integer;
begin
  with inactive as materialized (
    select
      coupons.customer_id,
      coupons.id,
      coupons.claimed_at,
      coupons.activate_until_at,
      coupon_templates as terms
    from app.coupons
    inner join app.coupon_templates
      on coupon_templates.id = coupons.template_id
    where coupons.customer_id = any (activate_coupons.customers)
      and coupons.status = 'inactive'
    order by coupons.id
    for update of coupons
  ),

  happened as (
    select
      inactive.customer_id,
      inactive.id,
      inactive.terms,
      greatest(event.at, inactive.claimed_at) as at_time,
      inactive.activate_until_at
    from inactive
    cross join lateral (
      select ops.coupon_event(inactive.customer_id, (inactive.terms).activation_event, inactive.claimed_at, activate_coupons.at) as at
    ) as event
    where event.at is not null
  ),

  changed as (
    update app.coupons
    set
      status = 'claimed',
      activated_at = happened.at_time,
      valid_from_at = coalesce(
        case when (happened.terms).validity_kind = 'fixed' then (happened.terms).valid_from_at end,
        happened.at_time
      ),
      valid_until_at = ops.coupon_ends(happened.terms, happened.at_time),
      remind_at = ops.coupon_ends(happened.terms, happened.at_time) - make_interval(hours => (happened.terms).remind_hours),
      version = coupons.version + 1
    from happened
    where coupons.customer_id = happened.customer_id
      and coupons.id = happened.id
      and coalesce(happened.at_time < happened.activate_until_at, true)
    returning coupons.id
  )

  select count(*) into activated from changed;
  return activated;
end;
$$;

comment on function ops.activate_coupons(bigint[], timestamptz) is
  'Coupons of the customers that wait for an event which has happened by the moment become theirs to use, valid from the event on. Returns how many.';
