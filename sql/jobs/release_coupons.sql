-- every: * * * * *
-- label: 优惠券预占超时、过期与补码 | Coupons reserved too long, expired, served with codes
create function ops.release_coupons(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  whose bigint[];
  done bigint := 0;
begin
  -- Customers whom somebody holds have their turn in a minute.
  whose := array(
    select points_accounts.customer_id
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id in (
        (select coupon_uses.customer_id from app.coupon_uses where coupon_uses.status = 'reserved' and coupon_uses.reserved_until_at <= now() limit 10000)
        union all
        (select coupons.customer_id from app.coupons where coupons.status = 'claimed' and coupons.valid_until_at <= now() limit 10000)
        union all
        (select coupons.customer_id from app.coupons where coupons.status = 'issued' and coupons.claim_until_at <= now() limit 10000)
        union all
        (select coupons.customer_id from app.coupons where coupons.status = 'inactive' and coupons.activate_until_at <= now() limit 10000)
      )
    order by points_accounts.customer_id
    for update skip locked
  );

  if whose <> '{}' then
    done := done + cardinality(ops.release_coupon_uses(array(
      select coupon_uses.id
      from app.coupon_uses
      where coupon_uses.customer_id = any (whose)
        and coupon_uses.status = 'reserved'
        and coupon_uses.reserved_until_at <= now()
      order by coupon_uses.id
    ), 'timeout', now()));

    -- What an event has activated meanwhile is not void.
    perform ops.activate_coupons(whose, now());

    done := done + cardinality(ops.withdraw_coupons(array(
      select coupons.id
      from app.coupons
      where coupons.customer_id = any (whose)
        and coupons.status = 'inactive'
        and coupons.activate_until_at <= now()
      order by coupons.id
    ), 'void', 'not_activated', now()));

    done := done + cardinality(ops.withdraw_coupons(array(
      select coupons.id
      from app.coupons
      where coupons.customer_id = any (whose)
        and (
          (coupons.status = 'claimed' and coupons.valid_until_at <= now())
          or (coupons.status = 'issued' and coupons.claim_until_at <= now())
        )
      order by coupons.id
    ), 'expired', null, now()));
  end if;

  -- The night lifts people into tiers without a fact that could be followed.
  perform ops.activate_coupons(array(
    select distinct coupons.customer_id
    from app.coupons
    inner join app.coupon_templates
      on coupon_templates.id = coupons.template_id
      and coupon_templates.activation_event = 'tier_upgrade'
    inner join app.tier_stays
      on tier_stays.book_id = 0
      and tier_stays.customer_id = coupons.customer_id
      and tier_stays.entered_at > now() - interval '2 days'
    where coupons.status = 'inactive'
  ), now());

  with due as (
    update app.coupons
    set remind_at = null
    where coupons.remind_at <= now()
    returning coupons.customer_id, coupons.id, coupons.template_id, coupons.status, coupons.valid_until_at
  )

  insert into app.coupon_reminders (customer_id, coupon_id, valid_until_at, channels, noted_at)
  select
    due.customer_id,
    due.id,
    due.valid_until_at,
    coupon_templates.message_channels,
    now()
  from due
  inner join app.coupon_templates
    on coupon_templates.id = due.template_id
  where due.status = 'claimed'
    and due.valid_until_at > now()
  on conflict (customer_id, coupon_id, valid_until_at) do nothing;

  return done + coalesce((
    select sum(ops.serve_coupons(short.template_id, now()))
    from (
      select distinct coupons.template_id
      from app.coupons
      where coupons.status = 'waiting'
      order by coupons.template_id
    ) as short
  ), 0);
end;
$$;

comment on function ops.release_coupons(date) is
  'Gives back coupons whose reservation was not confirmed in time, ends those that were not used, claimed or activated in time, notes who is to be reminded, and
serves those that wait for a code.';
