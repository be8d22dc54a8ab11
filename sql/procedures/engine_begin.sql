-- A customer whose new facts all come after what was worked in goes on from there. Anybody else is done again from the first
-- fact, in books of their own, and the difference is booked at the end (ops.engine_merge).
create function ops.engine_begin(
  run bigint,
  customer_limit integer,
  only_customers bigint[],
  until_at timestamptz,
  followers jsonb default null
)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone text := (select settings.time_zone from app.settings);
  chosen bigint[];
  noted bigint[];
  ids bigint[];
  late bigint[];
  in_turn bigint[];
  entries_after bigint;
  turns integer;
begin
  select array_agg(waiting.customer_id)
  into chosen
  from (
    select oldest.customer_id
    from (
      -- A backlog of millions is not read to find a few hundred.
      select
        inbox.customer_id,
        inbox.id
      from app.inbox
      where only_customers is null
        and inbox.customer_id <> 0
        and (inbox.waits_until_at is null or inbox.waits_until_at <= until_at)
      order by inbox.id
      limit 20 * customer_limit
    ) as oldest
    group by oldest.customer_id
    order by min(oldest.id)
    limit customer_limit
  ) as waiting;

  if only_customers is not null then
    chosen := only_customers;
  end if;

  insert into app.points_accounts (customer_id)
  select chosen_ids.id
  from unnest(chosen) as chosen_ids (id)
  where not exists (
    select
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = chosen_ids.id
  )
  order by chosen_ids.id
  on conflict (book_id, customer_id) do nothing;

  insert into app.tier_states (customer_id)
  select chosen_ids.id
  from unnest(chosen) as chosen_ids (id)
  where not exists (
    select
    from app.tier_states
    where tier_states.book_id = 0
      and tier_states.customer_id = chosen_ids.id
  )
  order by chosen_ids.id
  on conflict (customer_id, book_id) do nothing;

  -- Whom somebody else works at this moment is left to the next run; who is asked for by name is waited for.
  if only_customers is null then
    select array_agg(locked.customer_id)
    into chosen
    from (
      select points_accounts.customer_id
      from app.points_accounts
      where points_accounts.book_id = 0
        and points_accounts.customer_id = any (chosen)
      order by points_accounts.customer_id
      for update skip locked
    ) as locked;
  else
    perform
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = any (chosen)
    order by points_accounts.customer_id
    for update;
  end if;

  if chosen is null then
    return 0;
  end if;

  select
    array_agg(inbox.id),
    array_agg(distinct inbox.fact_id)
  into noted, ids
  from app.inbox
  where inbox.customer_id = any (chosen);

  if noted is null then
    return 0;
  end if;

  select array_agg(distinct inbox.customer_id)
  into late
  from app.inbox
  inner join app.points_accounts
    on points_accounts.book_id = 0
    and points_accounts.customer_id = inbox.customer_id
  left join ops.engine_facts(chosen, ids) as facts
    on facts.customer_id = inbox.customer_id
    and facts.fact_kind = inbox.fact_kind
    and facts.fact_id = inbox.fact_id
  where inbox.id = any (noted)
    and coalesce(facts.occurred_at <= until_at, true)
    and (
      inbox.again
      or facts.occurred_at < points_accounts.settled_at
      or (facts.occurred_at, facts.rank, facts.source collate "C", facts.external_id collate "C")
        <= (
          points_accounts.last_at, points_accounts.last_rank, points_accounts.last_source collate "C",
          points_accounts.last_external_id collate "C"
        )
    );

  in_turn := array(
    select chosen_ids.id
    from unnest(chosen) as chosen_ids (id)
    where chosen_ids.id <> all (coalesce(late, '{}'))
  );
  entries_after := nextval(pg_get_serial_sequence('app.points_entries', 'id'));

  -- Of those whose facts come in turn only what is new is read, however long their history is.
  with known as materialized (
    select
      engine_facts.*,
      engine_facts.fact_kind = 'order'
      and 1 = row_number() over (
        partition by engine_facts.customer_id, engine_facts.fact_kind
        order by
          engine_facts.occurred_at, engine_facts.source collate "C", engine_facts.external_id collate "C", engine_facts.fact_id
      ) as first_known
    from (
      select *
      from ops.engine_facts(in_turn, ids)
      union all
      select *
      from ops.engine_facts(late)
    ) as engine_facts
  ),

  facts as materialized (
    select
      known.customer_id,
      known.fact_kind,
      known.fact_id,
      known.occurred_at,
      known.rank,
      known.source,
      known.external_id,
      known.order_id,
      known.redemption_id,
      known.amount,
      known.points,
      known.channel,
      known.campaign_code,
      known.coupon_code,
      known.tier_id,
      known.until_on,
      known.first_known
      and not exists (
        select
        from app.orders
        where orders.customer_id = known.customer_id
          and orders.status in ('paid', 'completed')
          and (coalesce(orders.paid_at, orders.placed_at), orders.source collate "C", orders.external_id collate "C", orders.id)
            < (known.occurred_at, known.source collate "C", known.external_id collate "C", known.fact_id)
      ) as first_order
    from known
  ),

  taken as (
    delete from app.inbox
    where inbox.id = any (noted)
      -- What lies ahead waits for its time.
      and (inbox.customer_id, inbox.fact_kind, inbox.fact_id) not in (
        select
          facts.customer_id,
          facts.fact_kind,
          facts.fact_id
        from facts
        where facts.occurred_at > until_at
      )
    returning inbox.customer_id, inbox.fact_kind, inbox.fact_id, inbox.again
  ),

  -- What was taken, not what is worked: the history of somebody who is done again is no news.
  followed as (
    insert into app.follow_ups (customer_id, follower, fact_kind, fact_id, occurred_at, again)
    select
      taken.customer_id,
      wanted.follower,
      taken.fact_kind,
      taken.fact_id,
      facts.occurred_at,
      bool_or(taken.again)
    from taken
    inner join jsonb_to_recordset(followers) as wanted (follower text, fact_kinds text[])
      on taken.fact_kind = any (wanted.fact_kinds)
    left join facts
      on facts.customer_id = taken.customer_id
      and facts.fact_kind = taken.fact_kind
      and facts.fact_id = taken.fact_id
    group by taken.customer_id, wanted.follower, taken.fact_kind, taken.fact_id, facts.occurred_at
    order by facts.occurred_at nulls first, taken.fact_id
  ),

  fresh_books as (
    insert into app.points_accounts (book_id, customer_id)
    select
      run,
      late_ids.id
    from unnest(late) as late_ids (id)
  ),

  fresh_states as (
    insert into app.tier_states (book_id, customer_id)
    select
      run,
      late_ids.id
    from unnest(late) as late_ids (id)
  ),

  chosen_facts as (
    select
      0 as book_id,
      facts.*
    from taken
    inner join facts
      on facts.customer_id = taken.customer_id
      and facts.fact_kind = taken.fact_kind
      and facts.fact_id = taken.fact_id
    where facts.occurred_at <= until_at
      and taken.customer_id <> all (coalesce(late, '{}'))
    -- One that was noted twice is one.
    group by facts.customer_id, facts.fact_kind, facts.fact_id, facts.occurred_at, facts.rank, facts.source, facts.external_id,
      facts.order_id, facts.redemption_id, facts.amount, facts.points, facts.channel, facts.campaign_code, facts.coupon_code, facts.tier_id, facts.until_on,
      facts.first_order
    union all
    select
      run,
      facts.*
    from facts
    where facts.customer_id = any (late)
      and facts.occurred_at <= until_at
    union all
    -- What time alone had brought by then, it brings again.
    select
      run,
      points_accounts.customer_id,
      'day',
      0,
      points_accounts.settled_at,
      -1,
      '',
      '',
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = any (late)
      and points_accounts.settled_at is not null
  )

  insert into app.engine_turns (
    run_id, round, book_id, customer_id, fact_kind, fact_id, occurred_at, occurred_on, hour, weekday, rank, source, external_id,
    order_id, redemption_id, amount, points, channel, campaign_code, coupon_code, tier_id, until_on, first_order,
    spend_upto, orders_upto, entries_after
  )
  select
    run,
    row_number() over in_order,
    chosen_facts.book_id,
    chosen_facts.customer_id,
    chosen_facts.fact_kind,
    chosen_facts.fact_id,
    chosen_facts.occurred_at,
    (chosen_facts.occurred_at at time zone zone)::date,
    extract(hour from chosen_facts.occurred_at at time zone zone),
    extract(isodow from chosen_facts.occurred_at at time zone zone)::text,
    chosen_facts.rank,
    chosen_facts.source,
    chosen_facts.external_id,
    chosen_facts.order_id,
    chosen_facts.redemption_id,
    chosen_facts.amount,
    chosen_facts.points,
    chosen_facts.channel,
    chosen_facts.campaign_code,
    chosen_facts.coupon_code,
    chosen_facts.tier_id,
    chosen_facts.until_on,
    coalesce(chosen_facts.first_order, false),
    coalesce(sum(greatest(chosen_facts.amount, 0)) filter (where chosen_facts.fact_kind = 'order') over in_order, 0),
    count(*) filter (where chosen_facts.fact_kind = 'order') over in_order,
    case chosen_facts.book_id when 0 then entries_after end
  from chosen_facts
  window in_order as (
    partition by chosen_facts.customer_id
    order by
      chosen_facts.occurred_at, chosen_facts.rank, chosen_facts.source collate "C", chosen_facts.external_id collate "C",
      chosen_facts.fact_id
    rows unbounded preceding
  );

  get diagnostics turns = row_count;

  -- What lies ahead stands in nobody's way until its time comes.
  if exists (select from app.inbox where inbox.id = any (noted)) then
    update app.inbox
    set waits_until_at = ahead.occurred_at
    from ops.engine_facts(chosen, ids) as ahead
    where inbox.id = any (noted)
      and ahead.occurred_at > until_at
      and ahead.customer_id = inbox.customer_id
      and ahead.fact_kind = inbox.fact_kind
      and ahead.fact_id = inbox.fact_id;
  end if;

  if turns = 0 then
    return 0;
  end if;
  if turns > 200 then
    perform ops.engine_analyze();
  end if;

  perform ops.engine_tiers(run);

  perform ops.engine_rules(run);

  perform ops.engine_multipliers(run);

  perform ops.engine_budgets(run);

  return coalesce((
    select max(engine_turns.round)
    from app.engine_turns
    where engine_turns.run_id = run
  ), 0);
end;
$$;

comment on function ops.engine_begin(bigint, integer, bigint[], timestamptz, jsonb) is
  'Takes the waiting facts of so many customers (or of those named), locks their accounts and lays out the run''s turns; returns
how many rounds there are. Facts later than until_at go on waiting. What is taken is noted for the followers that want to hear of
it: [{follower, fact_kinds}].';
