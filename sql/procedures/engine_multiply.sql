-- By what holds at the order's time alone, so that books that are done again come to the same.
create function ops.engine_multiply(run bigint, this_round integer)
returns void
language plpgsql
volatile
-- Each fact by itself, however little the planner knows of the books yet.
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  if not exists (select from app.engine_multipliers where engine_multipliers.run_id = run) then
    return;
  end if;

  with given as (
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      engine_turns.occurred_at,
      engine_turns.occurred_on,
      engine_multipliers.*
    from app.engine_turns
    cross join lateral (
      select
        benefit_grants.version_id,
        benefit_grants.granted_at
      from app.benefit_grants
      where benefit_grants.customer_id = engine_turns.customer_id
        and benefit_grants.granted_at <= engine_turns.occurred_at
        and benefit_grants.period_until > engine_turns.occurred_on
        and (benefit_grants.ended_at is null or benefit_grants.ended_at > engine_turns.occurred_at)
      offset 0
    ) as grants
    -- A grant keeps what was offered when it was made.
    inner join app.engine_multipliers
      on engine_multipliers.run_id = run
      and engine_multipliers.package_version_id = grants.version_id
      and engine_multipliers.effective_from_at <= grants.granted_at
      and (engine_multipliers.effective_until_at is null or engine_multipliers.effective_until_at > grants.granted_at)
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind = 'order'

    union all

    select
      engine_turns.book_id,
      engine_turns.customer_id,
      engine_turns.occurred_at,
      engine_turns.occurred_on,
      engine_multipliers.*
    from app.engine_turns
    inner join app.engine_multipliers
      on engine_multipliers.run_id = run
      and engine_multipliers.package_version_id is null
      and engine_multipliers.effective_from_at <= engine_turns.occurred_at
      and (engine_multipliers.effective_until_at is null or engine_multipliers.effective_until_at > engine_turns.occurred_at)
    left join app.tier_states
      on tier_states.customer_id = engine_turns.customer_id
      and tier_states.book_id = engine_turns.book_id
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind = 'order'
      and (
        (engine_multipliers.tiers = '{}' and engine_multipliers.segments = '{}')
        or tier_states.tier_id = any (engine_multipliers.tiers)
        or exists (
          select
          from app.segment_memberships
          inner join base.segments
            on segments.rule_set_id = segment_memberships.rule_set_id
            and segments.segment_code = segment_memberships.segment_code
          where segment_memberships.customer_id = engine_turns.customer_id
            and segments.id = any (engine_multipliers.segments)
            -- As the evening before left it: the day's own is not known at its midnight.
            and segment_memberships.entered_on < engine_turns.occurred_on
            and (segment_memberships.left_on is null or segment_memberships.left_on >= engine_turns.occurred_on)
        )
      )
  ),

  -- Who has it in two ways has it once.
  once as (
    select
      given.customer_id,
      given.benefit_id,
      max(given.point_multiplier) as point_multiplier
    from given
    cross join lateral (
      select
        customers.birth_on,
        customers.enrolled_on
      from app.customers
      where customers.id = given.customer_id
      offset 0
    ) as customers
    where coalesce(given.starts_on <= given.occurred_on, true)
      and coalesce(given.ends_on >= given.occurred_on, true)
      and ops.customer_occasion(
        given.book_id, given.customer_id, given.occasion, given.occasion_days, customers.birth_on, customers.enrolled_on,
        given.occurred_at, given.occurred_on
      ) @> given.occurred_on
    group by given.customer_id, given.benefit_id
  )

  insert into app.engine_held (run_id, round, customer_id, more, parts)
  select
    run,
    this_round,
    once.customer_id,
    sum(once.point_multiplier - 1),
    jsonb_agg(jsonb_build_object('benefit_id', once.benefit_id, 'factor', once.point_multiplier) order by once.benefit_id)
  from once
  group by once.customer_id;
end;
$$;

comment on function ops.engine_multiply(bigint, integer) is
  'Finds whose orders of the round are multiplied by benefits at their time: those of packages they hold and those that are theirs by tier
or segment.';
