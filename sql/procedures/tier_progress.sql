-- The engine looks at the customer as it does after a fact (ops.engine_standing), and books nothing: what it counted is what is
-- told. The turn it needs for that is gone when this ends.
create function ops.tier_progress(customer bigint, at timestamptz)
returns table (
  goal text,
  tier_id bigint,
  any_criterion boolean,
  reached boolean,
  next_period boolean,
  next_on date,
  measures jsonb
)
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  -- Never the number of a run of the engine.
  run constant bigint := -(pg_current_xact_id()::text::bigint);
  zone text := (select settings.time_zone from app.settings);
begin
  insert into app.engine_turns (
    run_id, round, book_id, customer_id, fact_kind, fact_id, occurred_at, occurred_on, hour, weekday, rank, source, external_id
  )
  select
    run, 1, 0, tier_progress.customer, 'grade', 0, tier_progress.at, (tier_progress.at at time zone zone)::date, 0, '', 9, '', '';
  perform ops.engine_tiers(run);

  return query
  with standing as materialized (
    select
      standing.*,
      engine_tiers.tier_id as of_tier_id,
      engine_tiers.rank,
      engine_tiers.status,
      engine_tiers.any_criterion as any_of
    from ops.engine_standing(run, 1, false, array[tier_progress.customer], true) as standing
    inner join app.engine_tiers
      on engine_tiers.run_id = run
      and engine_tiers.version_id = standing.version_id
  ),

  own as (
    select
      tier_states.tier_id as own_tier_id,
      coalesce(standing.rank, -1) as own_rank
    from app.tier_states
    left join standing
      on standing.of_tier_id = tier_states.tier_id
    where tier_states.book_id = 0
      and tier_states.customer_id = tier_progress.customer
  ),

  peak as (
    select max(been.rank) as peak_rank
    from app.tier_stays
    inner join app.engine_tiers as been
      on been.run_id = run
      and been.tier_id = tier_stays.tier_id
      and tier_stays.entered_at >= been.effective_from_at
      and (been.effective_until_at is null or tier_stays.entered_at < been.effective_until_at)
    where tier_stays.book_id = 0
      and tier_stays.customer_id = tier_progress.customer
  ),

  goals as (
    select
      case when standing.of_tier_id = own.own_tier_id then 'keep' else 'reach' end as to_what,
      standing.*,
      standing.rank <= peak.peak_rank as again
    from own
    cross join peak
    inner join standing
      on standing.of_tier_id = own.own_tier_id
      or (
        standing.status = 'active'
        and standing.rank = (
          select min(above.rank)
          from standing as above
          where above.status = 'active'
            and above.rank > own.own_rank
        )
      )
  )

  select
    goals.to_what,
    goals.of_tier_id,
    goals.any_of,
    case goals.to_what
      when 'keep' then goals.meets_retain
      else coalesce(case when goals.again then goals.meets_reenter else goals.meets_enter end, false)
    end,
    coalesce((goals.measures -> 0 ->> 'too_early')::boolean, false),
    goals.next_on,
    (
      select
        jsonb_agg(
          jsonb_build_object(
            'basis', items.measure ->> 'basis',
            'window_kind', items.measure ->> 'window_kind',
            'window_days', (items.measure ->> 'window_days')::integer,
            'from_on', items.measure ->> 'from_on',
            'ends_on', items.measure ->> 'ends_on',
            'segments', items.measure -> 'segments',
            'value', (items.measure ->> 'value')::numeric(16, 2)::text,
            'target', (items.measure ->> thresholds.name)::numeric(16, 2)::text,
            'missing', greatest((items.measure ->> thresholds.name)::numeric - (items.measure ->> 'value')::numeric, 0)::numeric(16, 2)::text,
            'share', coalesce(round(least((items.measure ->> 'value')::numeric / nullif((items.measure ->> thresholds.name)::numeric, 0), 1), 4), (items.measure ->> thresholds.meets)::boolean::integer),
            'met', coalesce((items.measure ->> thresholds.meets)::boolean, false)
          )
          order by items.place
        )
      from jsonb_array_elements(goals.measures) with ordinality as items (measure, place)
      cross join lateral (
        select
          case when goals.to_what = 'keep' then 'retain_at' when goals.again then 'reenter_at' else 'enter_at' end as name,
          case when goals.to_what = 'keep' then 'retains' when goals.again then 'reenters' else 'enters' end as meets
      ) as thresholds
    )
  from goals
  order by goals.rank;

  delete from app.engine_turns where engine_turns.run_id = run;
  delete from app.engine_tiers where engine_tiers.run_id = run;
  delete from app.engine_criteria where engine_criteria.run_id = run;
end;
$$;

comment on function ops.tier_progress(bigint, timestamptz) is
  'What a customer has of what their tier asks to be kept, and of what the next one asks: none for who is in no books yet.
measures: for each criterion what was counted (value), what is asked (target), what is missing, as the engine counts it; amounts as text.
next_period: a tier that is given with the next period only, however much is reached before.';
