create function ops.decide_benefit_uses(uses bigint[], decision text, why text, user_id bigint, given_code text, at_time timestamptz)
returns bigint[]
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  moved bigint[];
begin
  with named as (
    select
      array_agg(benefit_uses.id order by benefit_uses.id) as uses,
      array_agg(benefit_uses.benefit_id order by benefit_uses.id) as benefits,
      array_agg(benefit_uses.version_id order by benefit_uses.id) as versions,
      array_agg(at_time) as moments
    from app.benefit_uses
    where benefit_uses.id = any (decide_benefit_uses.uses)
  ),

  terms as materialized (
    select
      named.uses[benefit_terms.place] as use_id,
      benefit_terms.*
    from named
    cross join lateral ops.benefit_terms(named.benefits, named.versions, named.moments) as benefit_terms
    where decision = 'confirm'
  ),

  held as materialized (
    select
      benefit_uses.*,
      terms.at_once,
      terms.code_pattern,
      terms.handle_hours
    from app.benefit_uses
    left join terms
      on terms.use_id = benefit_uses.id
    where benefit_uses.id = any (decide_benefit_uses.uses)
      and case decision
        when 'confirm' then benefit_uses.status = 'reserved' and benefit_uses.reserved_until_at > at_time
        when 'cancel' then benefit_uses.status in ('reserved', 'waiting', 'done')
          -- Its coupon is used: there is nothing to take back.
          and not exists (
            select
            from app.coupons
            where coupons.customer_id = benefit_uses.customer_id
              and coupons.source = 'benefit:' || benefit_uses.benefit_id
              and coupons.external_id = benefit_uses.id::text
              and coupons.status = 'redeemed'
          )
        else benefit_uses.status = 'waiting'
      end
    order by benefit_uses.id
    for update of benefit_uses
  ),

  changed as (
    update app.benefit_uses
    set
      status = case decision
        when 'confirm' then case when held.at_once then 'done' else 'waiting' end
        when 'cancel' then 'cancelled'
        when 'fail' then 'failed'
        else 'done'
      end,
      confirmed_at = case decision when 'confirm' then at_time else held.confirmed_at end,
      due_at = case
        when decision = 'confirm' and not held.at_once then at_time + make_interval(hours => held.handle_hours)
        else held.due_at
      end,
      fulfilled_at = case
        when decision in ('done', 'fail') or (decision = 'confirm' and held.at_once) then at_time
        else held.fulfilled_at
      end,
      fulfilled_by = case when decision in ('done', 'fail') then nullif(user_id, 0) else held.fulfilled_by end,
      cancelled_at = case when decision = 'cancel' then at_time end,
      code = case
        when decision = 'confirm' and held.at_once and held.fulfilment = 'code' then ops.new_code(held.code_pattern)
        else coalesce(given_code, held.code)
      end,
      reason = coalesce(why, held.reason),
      version = held.version + 1
    from held
    where benefit_uses.customer_id = held.customer_id
      and benefit_uses.id = held.id
    returning benefit_uses.id
  ),

  counted as (
    select
      held.customer_id,
      held.benefit_id,
      held.grant_id,
      held.period_from,
      count(*) filter (where held.status = 'reserved') as fewer_reserved,
      count(*) filter (where decision = 'confirm') - count(*) filter (where decision in ('cancel', 'fail') and held.status <> 'reserved')
        as more_used
    from held
    where decision <> 'done'
    group by held.customer_id, held.benefit_id, held.grant_id, held.period_from
  ),

  quotas as (
    update app.benefit_quotas
    set
      used = benefit_quotas.used + counted.more_used,
      reserved = benefit_quotas.reserved - counted.fewer_reserved
    from counted
    where benefit_quotas.customer_id = counted.customer_id
      and benefit_quotas.benefit_id = counted.benefit_id
      and benefit_quotas.grant_id = counted.grant_id
      and benefit_quotas.period_from = counted.period_from
  )

  select coalesce(array_agg(changed.id), '{}')
  into moved
  from changed;

  if decision in ('cancel', 'fail') then
    perform ops.settle_budget_holds('benefit', array(select unnest(moved)::text), 'released', at_time, null, true)
    where moved <> '{}';

    perform ops.void_coupons(back.source, back.numbers, coalesce(why, decision), at_time)
    from (
      select
        'benefit:' || benefit_uses.benefit_id as source,
        array_agg(benefit_uses.id::text) as numbers
      from app.benefit_uses
      where benefit_uses.id = any (moved)
      group by benefit_uses.benefit_id
    ) as back;

    perform ops.carry_on(array_agg(distinct benefit_uses.customer_id), array_agg(distinct benefit_uses.benefit_id))
    from app.benefit_uses
    where benefit_uses.id = any (moved);
  else
    perform ops.spend_benefit_uses(moved, at_time);
  end if;
  return moved;
end;
$$;

comment on function ops.decide_benefit_uses(bigint[], text, text, bigint, text, timestamptz) is
  'Confirms what is reserved, cancels, or notes what was waiting as done or fail(ed); only uses whose state allows it, returned. Cancelled and
failed ones give the use and the money back.';
