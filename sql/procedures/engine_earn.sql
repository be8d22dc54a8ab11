-- Rules with a condition have their matches in app.engine_matches already (api/engine/matches.ts compiles them); the rest of a
-- rule is data and read here.
create function ops.engine_earn(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  zone text := (select settings.time_zone from app.settings);
begin
  with met as (
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      engine_turns.fact_kind,
      engine_turns.fact_id,
      engine_turns.occurred_at,
      engine_turns.occurred_on,
      engine_turns.source,
      engine_turns.external_id,
      engine_turns.order_id,
      engine_turns.amount,
      engine_rules.*,
      engine_tiers.tier_id,
      case engine_rules.account when 'growth' then engine_tiers.growth_multiplier else engine_tiers.point_multiplier end as tier_factor,
      case
        when engine_rules.campaign_id is not null then ops.campaign_refusal(
          engine_rules.campaign_id, engine_turns.customer_id, tier_states.tier_id, engine_turns.occurred_on,
          exists (
            select
            from app.engine_audience
            where engine_audience.run_id = run
              and engine_audience.round = this_round
              and engine_audience.customer_id = engine_turns.customer_id
              and engine_audience.campaign_id = engine_rules.campaign_id
          )
        )
      end as turned_away
    from app.engine_turns
    inner join app.engine_rules
      on engine_rules.run_id = run
      and engine_rules.trigger = engine_turns.fact_kind
      and engine_turns.occurred_at >= engine_rules.effective_from_at
      and (engine_rules.effective_until_at is null or engine_turns.occurred_at < engine_rules.effective_until_at)
      and (engine_rules.starts_at is null or engine_turns.occurred_at >= engine_rules.starts_at)
      and (engine_rules.ends_at is null or engine_turns.occurred_at < engine_rules.ends_at)
      and (engine_rules.weekdays = '{}' or engine_turns.weekday = any (engine_rules.weekdays))
      and (engine_rules.from_hour is null or engine_turns.hour >= engine_rules.from_hour)
      and (engine_rules.until_hour is null or engine_turns.hour < engine_rules.until_hour)
      and (
        engine_rules.campaign_id is null
        or ops.campaign_counts(engine_rules.campaign_id, engine_turns.occurred_at, engine_turns.occurred_on)
      )
    left join app.tier_states
      on tier_states.customer_id = engine_turns.customer_id
      and tier_states.book_id = engine_turns.book_id
    left join app.engine_tiers
      on engine_tiers.run_id = run
      and engine_tiers.tier_id = tier_states.tier_id
      and engine_turns.occurred_at >= engine_tiers.effective_from_at
      and (engine_tiers.effective_until_at is null or engine_turns.occurred_at < engine_tiers.effective_until_at)
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and (
        engine_rules.condition is null
        or exists (
          select
          from app.engine_matches
          where engine_matches.run_id = run
            and engine_matches.round = this_round
            and engine_matches.customer_id = engine_turns.customer_id
            and engine_matches.rule_version_id = engine_rules.rule_version_id
        )
      )
  ),

  based as (
    select
      met.*,
      case
        when met.fact_kind <> 'order' then null
        when met.scope = 'all' then met.amount
        else ops.engine_basis(met.customer_id, met.order_id, met.scope, met.categories, met.products)
      end as basis_amount
    from met
  ),

  ranked as (
    select
      based.*,
      based.stacking = 'exclusive'
      and row_number() over (
        partition by based.customer_id, based.account, based.stacking, based.stack_group
        order by based.priority, based.rule_id
      ) > 1 as outranked
    from based
    where (based.scope = 'all' or based.basis_amount > 0)
      and based.turned_away is null
  ),

  multiplied as (
    select
      ranked.*,
      1 + coalesce(sum(ranked.factor - 1) filter (where ranked.effect = 'multiply' and not ranked.outranked) over of_account, 0)
        as factors,
      jsonb_agg(jsonb_build_object('rule_id', ranked.rule_id, 'factor', ranked.factor))
        filter (where ranked.effect = 'multiply' and not ranked.outranked) over of_account as parts
    from ranked
    window of_account as (partition by ranked.customer_id, ranked.account)
  ),

  raw as (
    select
      multiplied.*,
      multiplied.points
      * case when multiplied.effect = 'per_amount' then multiplied.basis_amount / multiplied.per_amount else 1 end
      -- The multipliers of the tier and of benefits are for what depends on an amount.
      * greatest(
        multiplied.factors
        + case when multiplied.effect = 'per_amount' then coalesce(multiplied.tier_factor, 1) - 1 else 0 end
        + coalesce(held.more, 0),
        0
      ) as raw_points,
      held.parts as benefits
    from multiplied
    -- Each by the whole key: those of the round are not gone through for every fact.
    left join lateral (
      select
        engine_held.more,
        engine_held.parts
      from app.engine_held
      where engine_held.run_id = run
        and engine_held.round = this_round
        and engine_held.customer_id = multiplied.customer_id
      limit 1
    ) as held
      on multiplied.effect = 'per_amount'
      and multiplied.account = 'points'
    where multiplied.effect <> 'multiply'
  ),

  given as (
    select
      raw.*,
      coalesce(before.today, 0) as today,
      coalesce(before.in_all, 0) as in_all,
      least(floor(round(raw.raw_points, 6)), 1000000000000)::bigint as whole_points
    from raw
    left join lateral (
      select
        sum(points_lots.issued - points_lots.reversed) filter (where points_lots.earned_on = raw.occurred_on) as today,
        sum(points_lots.issued - points_lots.reversed) as in_all
      from app.points_lots
      where points_lots.book_id = raw.book_id
        and points_lots.customer_id = raw.customer_id
        and points_lots.rule_id = raw.rule_id
        and (raw.max_per_day is not null or raw.max_per_customer is not null)
    ) as before
      on true
  ),

  capped as materialized (
    select
      given.*,
      case
        when given.outranked then 0
        else greatest(
          least(
            given.whole_points, given.max_per_fact, given.max_per_day - given.today, given.max_per_customer - given.in_all
          ),
          0
        )
      end as within_caps
    from given
  ),

  policy as materialized (
    select
      programme_versions.body ->> 'expiry' as expiry,
      (programme_versions.body ->> 'expiry_months')::integer as expiry_months,
      (programme_versions.body ->> 'expiry_month')::integer as expiry_month,
      (programme_versions.body ->> 'expiry_day')::integer as expiry_day,
      (programme_versions.body ->> 'point_value')::numeric as point_value,
      programme_versions.effective_from_at,
      programme_versions.effective_until_at
    from base.programme_versions
    where programme_versions.resource = 'points_policies'
  ),

  claims as materialized (
    select
      capped.*,
      policy.expiry,
      policy.expiry_months as policy_months,
      policy.expiry_month,
      policy.expiry_day,
      policy.point_value,
      costs.money as costs,
      -- Who asks for money, in their order.
      case
        when costs.money then row_number() over (
          partition by costs.money
          order by capped.occurred_at, capped.customer_id, capped.priority, capped.rule_id
        )
      end::integer as place
    from capped
    left join policy
      on capped.occurred_at >= policy.effective_from_at
      and (policy.effective_until_at is null or capped.occurred_at < policy.effective_until_at)
    cross join lateral (
      select
        coalesce(
          capped.account = 'points' and capped.within_caps > 0 and capped.budget_id is not null and policy.point_value > 0,
          false
        ) as money
    ) as costs
  ),

  gate as materialized (
    select
      array_agg(said.granted order by said.place) as granted,
      array_agg(said.reason order by said.place) as reasons,
      array_agg(said.segment_line_id order by said.place) as segment_lines,
      array_agg(said.kind_line_id order by said.place) as kind_lines,
      array_agg(said.point_value order by said.place) as costs
    from (
      select
        array_agg(claims.customer_id order by claims.place) as customers,
        array_agg(claims.rule_version_id order by claims.place) as rule_versions,
        array_agg(claims.within_caps::bigint order by claims.place) as wanted,
        array_agg(claims.point_value order by claims.place) as values_each
      from claims
      where claims.costs
    ) as asking
    cross join lateral ops.engine_gate(
      run, this_round, asking.customers, asking.rule_versions, asking.wanted, asking.values_each
    ) as said
  ),

  passed as materialized (
    select
      claims.*,
      coalesce(gate.granted[claims.place], claims.within_caps) as granted,
      gate.reasons[claims.place] as reason,
      gate.segment_lines[claims.place] as segment_line_id,
      gate.kind_lines[claims.place] as kind_line_id,
      gate.costs[claims.place] as cost
    from claims
    cross join gate
  ),

  lots as (
    insert into app.points_lots (
      book_id, customer_id, origin_kind, origin_id, rule_id, account, rule_version_id, earned_at, earned_on, available_at, expires_at,
      origin_key, basis_amount, raw_points, issued, pending, available, segment_line_id, kind_line_id, point_value, detail
    )
    select
      passed.book_id,
      passed.customer_id,
      passed.fact_kind,
      passed.fact_id,
      passed.rule_id,
      passed.account,
      passed.rule_version_id,
      passed.occurred_at,
      passed.occurred_on,
      case
        when passed.pending_days = 0 or passed.account = 'growth' then passed.occurred_at
        else (passed.occurred_on + passed.pending_days)::timestamp at time zone zone
      end,
      case
        when passed.account = 'growth' then null
        else ops.points_expiry(
          passed.occurred_on, zone, coalesce(passed.expiry_months, passed.policy_months),
          case when passed.expiry_months is not null then 'rolling' else coalesce(passed.expiry, 'none') end,
          passed.expiry_month, passed.expiry_day
        )
      end,
      passed.source || ' ' || passed.external_id,
      passed.basis_amount,
      passed.raw_points,
      passed.granted,
      case when passed.pending_days = 0 or passed.account = 'growth' then 0 else passed.granted end,
      case when passed.pending_days = 0 or passed.account = 'growth' then passed.granted else 0 end,
      passed.segment_line_id,
      passed.kind_line_id,
      passed.cost,
      jsonb_strip_nulls(jsonb_build_object(
        'scope', nullif(passed.scope, 'all'),
        'categories', case when passed.scope = 'categories' then to_jsonb(passed.categories) end,
        'products', case when passed.scope = 'products' then to_jsonb(passed.products) end
      ))
    from passed
    where passed.granted > 0
    returning points_lots.*
  ),

  entries as (
    insert into app.points_entries (
      book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
    )
    select
      lots.book_id,
      lots.customer_id,
      'earn',
      lots.origin_kind,
      lots.origin_id,
      lots.rule_id,
      lots.account,
      'issued',
      case when lots.pending > 0 then 'pending' else 'available' end,
      lots.issued,
      lots.origin_kind,
      lots.origin_id,
      lots.earned_at
    from lots
  )

  insert into app.decisions (
    book_id, customer_id, fact_kind, fact_id, occurred_at, rule_id, rule_version_id, outcome, points, detail
  )
  select
    passed.book_id,
    passed.customer_id,
    passed.fact_kind,
    passed.fact_id,
    passed.occurred_at,
    passed.rule_id,
    passed.rule_version_id,
    case
      when passed.outranked then 'outranked'
      when passed.whole_points = 0 then 'below_one'
      when passed.granted = 0 and passed.reason is not null then 'refused'
      when passed.granted < passed.whole_points then 'capped'
      else 'granted'
    end,
    passed.granted,
    jsonb_strip_nulls(jsonb_build_object(
      'basis_amount', passed.basis_amount::text,
      'raw_points', round(passed.raw_points, 4)::text,
      'reason', passed.reason,
      'budget_id', case when passed.costs then passed.budget_id end,
      'cost', (passed.granted * passed.cost)::text,
      'multipliers', passed.parts,
      'benefits', passed.benefits,
      'tier_id', case when passed.effect = 'per_amount' and passed.tier_factor <> 1 then passed.tier_id end,
      'tier_factor', case when passed.effect = 'per_amount' and passed.tier_factor <> 1 then passed.tier_factor::text end
    ))
  from passed
  union all
  select
    based.book_id,
    based.customer_id,
    based.fact_kind,
    based.fact_id,
    based.occurred_at,
    based.rule_id,
    based.rule_version_id,
    'refused',
    0,
    jsonb_build_object('reason', based.turned_away, 'campaign_id', based.campaign_id)
  from based
  where based.turned_away is not null
    and (based.scope = 'all' or based.basis_amount > 0);

  delete from app.engine_audience
  where engine_audience.run_id = run;
end;
$$;

comment on function ops.engine_earn(bigint, integer) is
  'What the rules give for the facts of the round. Points: (points, per per_amount or once) x (1 + what each multiplying rule exceeds
one by, those of the tier and of benefits among them where an amount counts), rounded down, then held to the caps; of an exclusive group the rule of the lowest priority number that applies. Where a rule is charged to a budget, this must have room for what the points cost;
where it is a campaign''s, the customer must be of its audience and not held out.';
