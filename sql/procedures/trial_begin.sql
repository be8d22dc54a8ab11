-- Like ops.engine_begin, for books that nobody will keep: no lock, nothing is taken from the inbox, no budget is asked; nor is the
-- planner told of the turns, which would hold up the runs of real facts until this one is over.
create function ops.trial_begin(run bigint, customers bigint[], from_at timestamptz, until_at timestamptz, to_the_end boolean)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  turns integer;
begin
  insert into app.points_accounts (book_id, customer_id)
  select
    run,
    chosen.id
  from unnest(customers) as chosen (id)
  on conflict (book_id, customer_id) do nothing;

  insert into app.tier_states (book_id, customer_id)
  select
    run,
    chosen.id
  from unnest(customers) as chosen (id)
  on conflict (customer_id, book_id) do nothing;

  with facts as materialized (
    select
      engine_facts.*,
      engine_facts.fact_kind = 'order'
      and 1 = row_number() over (
        partition by engine_facts.customer_id, engine_facts.fact_kind
        order by
          engine_facts.occurred_at, engine_facts.source collate "C", engine_facts.external_id collate "C", engine_facts.fact_id
      ) as first_order
    from ops.engine_facts(customers) as engine_facts
  )

  insert into app.engine_turns (
    run_id, round, book_id, customer_id, fact_kind, fact_id, occurred_at, occurred_on, hour, weekday, rank, source, external_id,
    order_id, redemption_id, amount, points, channel, campaign_code, coupon_code, tier_id, until_on, first_order,
    spend_upto, orders_upto
  )
  select
    run,
    row_number() over in_order,
    run,
    facts.customer_id,
    facts.fact_kind,
    facts.fact_id,
    facts.occurred_at,
    (facts.occurred_at at time zone zone)::date,
    extract(hour from facts.occurred_at at time zone zone),
    extract(isodow from facts.occurred_at at time zone zone)::text,
    facts.rank,
    facts.source,
    facts.external_id,
    facts.order_id,
    facts.redemption_id,
    facts.amount,
    facts.points,
    facts.channel,
    facts.campaign_code,
    facts.coupon_code,
    facts.tier_id,
    facts.until_on,
    facts.first_order,
    coalesce(sum(greatest(facts.amount, 0)) filter (where facts.fact_kind = 'order') over in_order, 0),
    count(*) filter (where facts.fact_kind = 'order') over in_order
  from facts
  where facts.occurred_at >= from_at
    and facts.occurred_at < until_at
  window in_order as (
    partition by facts.customer_id
    order by facts.occurred_at, facts.rank, facts.source collate "C", facts.external_id collate "C", facts.fact_id
    rows unbounded preceding
  );

  get diagnostics turns = row_count;

  -- What time alone brings until the end.
  insert into app.engine_turns (
    run_id, round, book_id, customer_id, fact_kind, fact_id, occurred_at, occurred_on, hour, weekday, rank, source, external_id
  )
  select
    run,
    coalesce((select max(engine_turns.round) from app.engine_turns where engine_turns.run_id = run), 0) + 1,
    run,
    chosen.id,
    'day',
    0,
    until_at,
    (until_at at time zone zone)::date,
    0,
    '',
    -1,
    '',
    ''
  from unnest(customers) as chosen (id)
  where to_the_end;

  perform ops.engine_tiers(run);
  perform ops.engine_rules(run);
  perform ops.engine_multipliers(run);
  -- What a draft would cost is asked, not whether there is the money.
  update app.engine_rules
  set budget_id = null
  where engine_rules.run_id = run;
  return turns;
end;
$$;

comment on function ops.trial_begin(bigint, bigint[], timestamptz, timestamptz, boolean) is
  'Lays out the facts of customers from one moment until before another, for a book of their own (book_id = run); to_the_end: with a
turn for what falls due by the end. Returns how many facts.';
