create function ops.serve_coupons(template bigint, at timestamptz)
returns integer
language plpgsql
volatile
as $$
declare
  terms app.coupon_templates;
  served integer;
begin
  -- One at a time, so that who came first is served first.
  perform pg_advisory_xact_lock(hashtextextended('evergreen codes of ' || template, 0));
  select * into terms from app.coupon_templates where coupon_templates.id = template;

  with line as materialized (
    select
      waiting.customer_id,
      waiting.id,
      row_number() over (order by waiting.claimed_at, waiting.id) as number
    from (
      select
        coupons.customer_id,
        coupons.id,
        coupons.claimed_at
      from app.coupons
      where coupons.template_id = template
        and coupons.status = 'waiting'
      order by coupons.claimed_at, coupons.id
      limit (
        select count(*)
        from app.coupon_codes
        where coupon_codes.template_id = template
          and coupon_codes.status = 'free'
      )
      for update
    ) as waiting
  ),

  free as materialized (
    select
      codes.id,
      codes.code,
      row_number() over (order by codes.id) as number
    from (
      select
        coupon_codes.id,
        coupon_codes.code
      from app.coupon_codes
      where coupon_codes.template_id = template
        and coupon_codes.status = 'free'
      order by coupon_codes.id
      limit (select count(*) from line)
      for update skip locked
    ) as codes
  ),

  given as (
    update app.coupon_codes
    set
      status = 'taken',
      coupon_id = line.id,
      taken_at = at
    from free
    inner join line
      on line.number = free.number
    where coupon_codes.id = free.id
    returning coupon_codes.coupon_id
  ),

  received as (
    update app.coupons
    set
      code = free.code,
      status = case when terms.activation = 'event' then 'inactive' else 'claimed' end,
      activate_until_at = case when terms.activation = 'event' then at + make_interval(hours => terms.activation_days * 24) end,
      valid_from_at = case
        when terms.activation <> 'event' then coalesce(case when terms.validity_kind = 'fixed' then terms.valid_from_at end, at)
      end,
      valid_until_at = case when terms.activation <> 'event' then ops.coupon_ends(terms, at) end,
      remind_at = case when terms.activation <> 'event' then ops.coupon_ends(terms, at) - make_interval(hours => terms.remind_hours) end,
      version = coupons.version + 1
    from line
    inner join free
      on free.number = line.number
    where coupons.customer_id = line.customer_id
      and coupons.id = line.id
    returning coupons.id, coupons.source, coupons.external_id, coupons.code
  ),

  told as (
    update app.benefit_uses
    set code = received.code
    from received
    where received.source like 'benefit:%'
      and benefit_uses.id = received.external_id::bigint
  )

  select count(*) into served from received;
  return served;
end;
$$;

comment on function ops.serve_coupons(bigint, timestamptz) is
  'Gives free codes of a template to the coupons that wait for one, in the order in which these were claimed; what they are valid for counts from now on. Returns how many.';
