-- After a change of a code: whose turn it is gets it at once. The lock comes first: whoever has just found the pool empty, and
-- waits, is seen then.
create function ops.guard_coupon_codes(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  of_template constant bigint := (coalesce(after, before) ->> 'template_id')::bigint;
begin
  if after is null then
    if before ->> 'status' <> 'free' then
      raise exception '已发出或作废的券码不能删除 | A code that was given out or withdrawn cannot be deleted'
        using errcode = 'EG422', column = 'status';
    end if;
    return;
  end if;

  if exists (
    select
    from app.coupon_batches
    where coupon_batches.id = (after ->> 'batch_id')::bigint
      and coupon_batches.template_id <> of_template
  ) then
    raise exception '该批次属于另一种优惠券 | The batch is of another coupon' using errcode = 'EG422', column = 'batch_id';
  end if;

  perform pg_advisory_xact_lock(hashtextextended('evergreen codes of ' || of_template, 0));
  if exists (select from app.coupons where coupons.template_id = of_template and coupons.status = 'waiting') then
    perform ops.serve_coupons(of_template, clock_timestamp());
  end if;
end;
$$;

comment on function ops.guard_coupon_codes(bigint, bigint, jsonb, jsonb) is
  'A code is of the template of its batch, and goes to whoever waits for one; only free codes are deleted.';
