create function ops.move_coupon_room(changes jsonb)
returns void
language plpgsql
volatile
as $$
begin
  perform
  from app.coupon_shards
  inner join (
    select distinct given.template_id, given.shard
    from jsonb_to_recordset(changes) as given (template_id bigint, shard integer)
  ) as named
    on named.template_id = coupon_shards.template_id
    and named.shard = coupon_shards.shard
  order by coupon_shards.template_id, coupon_shards.shard
  for update of coupon_shards;

  update app.coupon_shards
  set
    issued = greatest(coupon_shards.issued - sums.fewer, 0),
    cost = coupon_shards.cost - sums.cheaper
  from (
    select
      given.template_id,
      given.shard,
      sum(given.fewer)::integer as fewer,
      sum(given.cheaper) as cheaper
    from jsonb_to_recordset(changes) as given (template_id bigint, shard integer, fewer integer, cheaper numeric)
    where given.shard is not null
    group by given.template_id, given.shard
  ) as sums
  where coupon_shards.template_id = sums.template_id
    and coupon_shards.shard = sums.shard;
end;
$$;

comment on function ops.move_coupon_room(jsonb) is
  'Gives room of limited templates back: [{template_id, shard, fewer (coupons), cheaper (money)}], in the order of the parts.';
