create function ops.coupon_course(customer bigint, before_at timestamptz, before_key text, size integer)
returns table (
  kind text,
  rank text,
  id bigint,
  at timestamptz,
  resource text,
  data jsonb
)
language sql
stable
begin atomic
  with received as (
    select
      '70' as rank,
      coupons.id,
      coupons.issued_at as at,
      'coupons' as resource,
      coupons.template_id,
      jsonb_build_object(
        'step', 'received', 'status', coupons.status, 'source', coupons.source, 'code', coupons.code,
        'valid_until_at', coupons.valid_until_at, 'note', coupons.note
      ) as data
    from app.coupons
    where coupons.customer_id = coupon_course.customer
      and coupons.issued_at <= coalesce(before_at, 'infinity')
    order by coupons.issued_at desc, coupons.id desc
    limit size + 1
  ),

  activated as (
    select
      '71',
      coupons.id,
      coupons.activated_at,
      'coupons',
      coupons.template_id,
      jsonb_build_object('step', 'activated', 'valid_until_at', coupons.valid_until_at)
    from app.coupons
    where coupons.customer_id = coupon_course.customer
      and coupons.activated_at is not null
  ),

  ended as (
    select
      '74',
      coupons.id,
      coupons.ended_at,
      'coupons',
      coupons.template_id,
      jsonb_build_object('step', coupons.status, 'reason', coupons.reason)
    from app.coupons
    where coupons.customer_id = coupon_course.customer
      and coupons.status in ('expired', 'void')
  ),

  used as (
    select
      steps.rank,
      coupon_uses.id,
      steps.at,
      'coupon_uses',
      coupon_uses.template_id,
      jsonb_build_object(
        'step', steps.name, 'discount', coupon_uses.discount_amount::text, 'order', coupon_uses.order_external_id, 'gift', coupon_uses.gift_name,
        'free_shipping', coupon_uses.free_shipping, 'reason', coupon_uses.reason
      )
    from app.coupon_uses
    cross join lateral (
      values
        ('72', 'redeemed', coupon_uses.redeemed_at),
        ('73', 'given_back', case when coupon_uses.status = 'returned' then coupon_uses.over_at end)
    ) as steps (rank, name, at)
    where coupon_uses.customer_id = coupon_course.customer
      and steps.at is not null
  ),

  refused as (
    select
      '75',
      coupon_refusals.id,
      coupon_refusals.asked_at,
      'coupon_refusals',
      coupon_refusals.template_id,
      jsonb_build_object('step', 'refused', 'asked', coupon_refusals.asked, 'refusal', coupon_refusals.refusal)
    from app.coupon_refusals
    where coupon_refusals.customer_id = coupon_course.customer
    order by coupon_refusals.id desc
    limit size + 1
  ),

  every as (
    select * from received
    union all
    select * from activated
    union all
    select * from ended
    union all
    select * from used
    union all
    select * from refused
  )

  select
    'coupon',
    every.rank,
    every.id,
    every.at,
    every.resource,
    every.data || jsonb_build_object('coupon', jsonb_build_array(coupon_templates.name, coupon_templates.name_en))
  from every
  left join app.coupon_templates
    on coupon_templates.id = every.template_id;
end;

comment on function ops.coupon_course(bigint, timestamptz, text, integer) is
  'What became of a customer''s coupons: received, activated, redeemed, given back, ended, refused. One row per step.';
