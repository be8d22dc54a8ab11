-- One is taken from any part that nobody holds at this moment. Only where none has room all are taken, in order, and what is
-- left is laid out anew: so the last ones are given, each once, and nobody is refused while there is room.
create function ops.take_coupon_room(template bigint, wanted integer, each_cost numeric, seed bigint, out shards integer[], out short text)
language plpgsql
volatile
as $$
declare
  parts integer;
  taken integer;
  places bigint;
  money numeric;
  granted integer;
begin
  select
    count(*),
    sum(coupon_shards.capacity) - sum(coupon_shards.issued),
    sum(coupon_shards.cost_capacity) - sum(coupon_shards.cost)
  into parts, places, money
  from app.coupon_shards
  where coupon_shards.template_id = template;

  -- What is used up for everybody is refused without waiting for anybody.
  if places <= 0 or money < each_cost then
    shards := '{}';
    short := case when places <= 0 then 'limit_reached' else 'budget_exhausted' end;
    return;
  end if;

  if wanted = 1 then
    update app.coupon_shards
    set
      issued = coupon_shards.issued + 1,
      cost = coupon_shards.cost + each_cost
    where coupon_shards.template_id = template
      and coupon_shards.shard = (
        select free.shard
        from app.coupon_shards as free
        where free.template_id = template
          and coalesce(free.issued < free.capacity, true)
          and coalesce(free.cost + each_cost <= free.cost_capacity, true)
        order by (free.shard + seed) % parts
        limit 1
        for update skip locked
      )
    returning coupon_shards.shard into taken;

    if found then
      shards := array[taken];
      return;
    end if;
  end if;

  perform
  from app.coupon_shards
  where coupon_shards.template_id = template
  order by coupon_shards.shard
  for update;

  select
    sum(coupon_shards.capacity) - sum(coupon_shards.issued),
    sum(coupon_shards.cost_capacity) - sum(coupon_shards.cost)
  into places, money
  from app.coupon_shards
  where coupon_shards.template_id = template;

  granted := least(wanted, places, case when each_cost > 0 then floor(money / each_cost) end);
  shards := array_fill(0, array[granted]);
  if granted < wanted then
    short := case when places < wanted and granted = places then 'limit_reached' else 'budget_exhausted' end;
  end if;

  update app.coupon_shards
  set
    issued = coupon_shards.issued + case when coupon_shards.shard = 0 then granted else 0 end,
    cost = coupon_shards.cost + case when coupon_shards.shard = 0 then granted * each_cost else 0 end,
    capacity = coupon_shards.issued + case when coupon_shards.shard = 0 then granted else 0 end
      + (places - granted) / parts + case when coupon_shards.shard < (places - granted) % parts then 1 else 0 end,
    -- Money in pieces of one coupon each; what makes no whole one stays with the first part.
    cost_capacity = coupon_shards.cost + case when coupon_shards.shard = 0 then granted * each_cost else 0 end
      + pieces.each * (pieces.whole / parts + case when coupon_shards.shard < pieces.whole % parts then 1 else 0 end)
      + case when coupon_shards.shard = 0 then money - granted * each_cost - pieces.each * pieces.whole else 0 end
  from (
    select
      unit.each,
      floor((money - granted * each_cost) / unit.each)::bigint as whole
    from (select case when each_cost > 0 then each_cost else 0.01 end as each) as unit
  ) as pieces
  where coupon_shards.template_id = template;
end;
$$;

comment on function ops.take_coupon_room(bigint, integer, numeric, bigint) is
  'Takes room for so many coupons of a limited template, each at that cost: the part where each is counted, and what there was too little
of for the others (limit_reached, budget_exhausted). Called with the shared lock of ops.issue_coupons.';
