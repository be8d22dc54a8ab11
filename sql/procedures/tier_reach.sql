-- What a tier asks is read from the records as JSON, so that one that is not saved yet takes the place of its stored self.
create function ops.tier_reach(changed jsonb, as_of date)
returns table (
  customer_id bigint,
  rank integer
)
language sql
stable
begin atomic
  with records as (
    select to_jsonb(tiers) as tier
    from app.tiers
    where tiers.id is distinct from (changed ->> 'id')::bigint
    union all
    select changed as tier
    where changed is not null
  ),

  criteria as (
    select
      (records.tier ->> 'rank')::integer as rank,
      items.position,
      records.tier ->> 'criteria_match' = 'any' as sufficient,
      items.value ->> 'basis' as basis,
      items.value ->> 'window_kind' as window_kind,
      (items.value ->> 'window_days')::integer as window_days,
      coalesce((items.value ->> 'window_start_month')::integer, 1) as window_start_month,
      (items.value ->> 'enter_at')::numeric as enter_at,
      items.value -> 'segments' as segments
    from records
    cross join jsonb_array_elements(
      jsonb_build_array(records.tier) || coalesce(nullif(records.tier -> 'criteria', 'null'), '[]')
    ) with ordinality as items (value, position)
    where records.tier ->> 'status' = 'active'
  ),

  -- As the engine counts them (ops.period_start), up to the evening before.
  begun as (
    select
      criteria.rank,
      criteria.position,
      criteria.basis,
      criteria.enter_at,
      criteria.window_kind,
      case
        when criteria.window_kind <> 'anniversary'
          then ops.period_start(criteria.window_kind, criteria.window_days, criteria.window_start_month, null, as_of - 1)
      end as from_on
    from criteria
    where criteria.basis in ('spend', 'orders', 'growth')
      and criteria.enter_at > 0
  ),

  anniversaries as (
    select
      customers.id as customer_id,
      ops.period_start('anniversary', null, null, customers.enrolled_on, as_of - 1) as from_on
    from base.customers
    where exists (select from begun where begun.window_kind = 'anniversary')
  ),

  counted as (
    select
      begun.rank,
      begun.position,
      customer_day.customer_id
    from begun
    inner join app.customer_day
      on customer_day.day < as_of
      and (begun.window_kind = 'anniversary' or customer_day.day >= begun.from_on)
    left join anniversaries
      on begun.window_kind = 'anniversary'
      and anniversaries.customer_id = customer_day.customer_id
    where begun.basis <> 'growth'
      and (begun.window_kind <> 'anniversary' or customer_day.day >= anniversaries.from_on)
    group by begun.rank, begun.position, begun.basis, begun.enter_at, customer_day.customer_id
    having case
      when begun.basis = 'spend' then sum(customer_day.amount - customer_day.returned_amount)
      else sum(customer_day.order_count)
    end >= begun.enter_at
  ),

  grown as (
    select
      begun.rank,
      begun.position,
      points_lots.customer_id
    from begun
    inner join app.points_lots
      on points_lots.book_id = 0
      and points_lots.account = 'growth'
      and points_lots.earned_on < as_of
      and (begun.window_kind = 'anniversary' or points_lots.earned_on >= begun.from_on)
    left join anniversaries
      on begun.window_kind = 'anniversary'
      and anniversaries.customer_id = points_lots.customer_id
    where begun.basis = 'growth'
      and (begun.window_kind <> 'anniversary' or points_lots.earned_on >= anniversaries.from_on)
    group by begun.rank, begun.position, begun.enter_at, points_lots.customer_id
    having sum(points_lots.issued - points_lots.pending - points_lots.reversed) >= begun.enter_at
  ),

  met as (
    select counted.rank, counted.position, counted.customer_id
    from counted
    union all
    select grown.rank, grown.position, grown.customer_id
    from grown
    union all
    -- A threshold of nothing is met by everybody, also without an order.
    select criteria.rank, criteria.position, customers.id as customer_id
    from criteria
    cross join app.customers
    where customers.merged_into_id is null
      and criteria.basis in ('spend', 'orders', 'growth', 'referrals')
      and criteria.enter_at <= 0
    union all
    select distinct criteria.rank, criteria.position, segment_memberships.customer_id
    from criteria
    inner join base.segments
      on criteria.segments @> to_jsonb(segments.id)
    inner join app.segment_memberships
      on segment_memberships.rule_set_id = segments.rule_set_id
      and segment_memberships.segment_code = segments.segment_code
      and segment_memberships.left_on is null
    where criteria.basis = 'segment'
  ),

  needed as (
    select
      criteria.rank,
      case when bool_or(criteria.sufficient) then 1 else count(*) end as criteria_count
    from criteria
    group by criteria.rank
  ),

  reached as (
    select
      met.customer_id,
      met.rank
    from met
    inner join needed
      on needed.rank = met.rank
    group by met.customer_id, met.rank, needed.criteria_count
    having count(*) >= needed.criteria_count
  )

  select
    reached.customer_id,
    max(reached.rank)
  from reached
  group by reached.customer_id;
end;

comment on function ops.tier_reach(jsonb, date) is
  'One row per customer who meets what an active tier asks to enter: the rank of the highest such tier on the day.
changed: a tier as it would be, in the place of the stored one (null: as stored). Spend is net of returns made in the period; days before as_of count. So do growth values in force that were earned in it. Referrals and invitations are not known here and count as not met, unless the threshold is nothing.';
