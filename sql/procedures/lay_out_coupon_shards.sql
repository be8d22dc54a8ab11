create function ops.lay_out_coupon_shards(template bigint, parts integer default 32)
returns void
language plpgsql
volatile
as $$
declare
  limits record;
begin
  -- Whoever issues holds this lock with others: none is under way while the parts are counted.
  perform pg_advisory_xact_lock(hashtextextended('evergreen coupons of ' || template, 0));

  select coupon_templates.total_limit, coupon_templates.budget_amount
  into limits
  from app.coupon_templates
  where coupon_templates.id = template;

  if (select count(*) from app.coupon_shards where coupon_shards.template_id = template) <> parts then
    delete from app.coupon_shards where coupon_shards.template_id = template;

    insert into app.coupon_shards (template_id, shard, issued, cost)
    select
      template,
      shards.shard,
      case when shards.shard = 0 then out_there.issued else 0 end,
      case when shards.shard = 0 then out_there.cost else 0 end
    from generate_series(0, parts - 1) as shards (shard)
    cross join (
      select
        count(*) filter (where coupons.status <> 'void') as issued,
        coalesce(sum(coupons.held_amount), 0) as cost
      from app.coupons
      where coupons.template_id = template
    ) as out_there;

    update app.coupons
    set shard = 0
    where coupons.template_id = template
      and coupons.shard is distinct from 0;
  end if;

  perform
  from app.coupon_shards
  where coupon_shards.template_id = template
  order by coupon_shards.shard
  for update;

  update app.coupon_shards
  set
    capacity = coupon_shards.issued + room.places / parts + case when coupon_shards.shard < room.places % parts then 1 else 0 end,
    cost_capacity = coupon_shards.cost + case
      when coupon_shards.shard = 0 then room.money - trunc(room.money / parts, 2) * (parts - 1)
      else trunc(room.money / parts, 2)
    end
  from (
    select
      -- A limit that was lowered below what is out takes nothing back.
      case when limits.total_limit is not null then greatest(limits.total_limit - sum(shards.issued), 0) end::integer as places,
      case when limits.budget_amount is not null then greatest(limits.budget_amount - sum(shards.cost), 0) end as money
    from app.coupon_shards as shards
    where shards.template_id = template
  ) as room
  where coupon_shards.template_id = template;
end;
$$;

comment on function ops.lay_out_coupon_shards(bigint, integer) is
  'Counts what is out of a template, and lays what is left of its limits out over so many parts.';
