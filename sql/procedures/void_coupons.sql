create function ops.void_coupons(source text, external_ids text[], reason text, at timestamptz)
returns integer
language plpgsql
volatile
as $$
declare
  named bigint[];
  whose bigint[];
begin
  select
    array_agg(coupons.id),
    array_agg(coupons.customer_id)
  into named, whose
  from app.fact_keys
  inner join app.coupons
    on coupons.customer_id = fact_keys.customer_id
    and coupons.id = fact_keys.fact_id
  where fact_keys.source = void_coupons.source
    and fact_keys.kind = 'coupon'
    and fact_keys.external_id = any (void_coupons.external_ids);

  if named is null then
    return 0;
  end if;
  perform ops.lock_coupon_customers(whose);
  return cardinality(ops.withdraw_coupons(named, 'void', void_coupons.reason, void_coupons.at));
end;
$$;

comment on function ops.void_coupons(text, text[], text, timestamptz) is
  'Takes back the coupons that were issued under these numbers and not used yet, also reserved ones; returns how many. Done twice it does nothing more.';
