create function ops.receive_coupon(customer bigint, coupon bigint, at timestamptz)
returns void
language plpgsql
volatile
as $$
begin
  update app.coupons
  set
    status = stage.status,
    claimed_at = receive_coupon.at,
    claimed_on = (receive_coupon.at at time zone settings.time_zone)::date,
    activate_until_at = case when stage.status = 'inactive' then receive_coupon.at + make_interval(hours => (terms.row).activation_days * 24) end,
    valid_from_at = case
      when stage.status = 'claimed' then coalesce(case when (terms.row).validity_kind = 'fixed' then (terms.row).valid_from_at end, receive_coupon.at)
    end,
    valid_until_at = case when stage.status = 'claimed' then ops.coupon_ends(terms.row, receive_coupon.at) end,
    remind_at = case
      when stage.status = 'claimed' then ops.coupon_ends(terms.row, receive_coupon.at) - make_interval(hours => (terms.row).remind_hours)
    end,
    version = coupons.version + 1
  from app.settings
  cross join (
    select
      mine.code,
      ops.coupon_terms(mine.template_id, mine.issued_at) as row
    from app.coupons as mine
    where mine.customer_id = receive_coupon.customer
      and mine.id = receive_coupon.coupon
  ) as terms
  cross join lateral (
    select case
      when (terms.row).code_mode = 'imported' and terms.code is null then 'waiting'
      when (terms.row).activation = 'event' then 'inactive'
      else 'claimed'
    end as status
  ) as stage
  where coupons.customer_id = receive_coupon.customer
    and coupons.id = receive_coupon.coupon
    and coupons.status = 'issued';

  perform ops.activate_coupons(array[receive_coupon.customer], receive_coupon.at);
end;
$$;

comment on function ops.receive_coupon(bigint, bigint, timestamptz) is
  'A coupon that was offered becomes the customer''s: usable, or waiting for its code or its event. The customer is held.';
