-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_coupons(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- Reminders are noted anew where they are due again.
  delete from app.coupon_reminders
  where coupon_reminders.customer_id = duplicate;

  -- In one statement: a use is of the customer of its coupon at the end of it.
  with moved_coupons as (
    update app.coupons
    set customer_id = survivor
    where coupons.customer_id = duplicate
  )

  update app.coupon_uses
  set customer_id = survivor
  where coupon_uses.customer_id = duplicate;

  update app.coupon_refusals
  set customer_id = survivor
  where coupon_refusals.customer_id = duplicate;
end;
$$;

comment on function ops.merge_coupons(bigint, bigint) is
  'Coupons, their uses and refusals of the duplicate become the survivor''s. What both had together may be more than a limit gives; nothing is taken back.';
