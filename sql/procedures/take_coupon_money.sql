create function ops.take_coupon_money(template bigint, amount numeric)
returns boolean
language plpgsql
volatile
as $$
declare
  parts integer;
  money numeric;
begin
  perform
  from app.coupon_shards
  where coupon_shards.template_id = template
  order by coupon_shards.shard
  for update;

  select
    count(*),
    sum(coupon_shards.cost_capacity) - sum(coupon_shards.cost)
  into parts, money
  from app.coupon_shards
  where coupon_shards.template_id = template;
  if money < take_coupon_money.amount then
    return false;
  end if;

  update app.coupon_shards
  set
    cost = coupon_shards.cost + case when coupon_shards.shard = 0 then take_coupon_money.amount else 0 end,
    cost_capacity = coupon_shards.cost + case
      when coupon_shards.shard = 0
        then take_coupon_money.amount + rest.money - trunc(rest.money / parts, 2) * (parts - 1)
      else trunc(rest.money / parts, 2)
    end
  from (select money - take_coupon_money.amount as money) as rest
  where coupon_shards.template_id = template;
  return true;
end;
$$;

comment on function ops.take_coupon_money(bigint, numeric) is
  'Takes money of the cap of a template beyond what its coupons hold; false: there is not so much left.';
