-- Lots that are all spent last longer too: points that come back to them by a refund are as good as the others.
create function ops.engine_extend(run bigint, this_round integer)
returns void
language plpgsql
volatile
as $$
declare
  zone text := (select settings.time_zone from app.settings);
begin
  with asked as (
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      engine_turns.fact_id,
      engine_turns.occurred_at,
      (points_extensions.expiring_until_on + 1)::timestamp at time zone zone as expiring_until_at,
      (points_extensions.until_on + 1)::timestamp at time zone zone as until_at,
      engine_turns.occurred_at - make_interval(days => coalesce(policy.reinstate_days, 0)) as back_to_at
    from app.engine_turns
    inner join app.points_extensions
      on points_extensions.customer_id = engine_turns.customer_id
      and points_extensions.id = engine_turns.fact_id
    left join lateral (
      select (programme_versions.body ->> 'reinstate_days')::integer as reinstate_days
      from app.programme_versions
      where programme_versions.resource = 'points_policies'
        and programme_versions.effective_from_at <= engine_turns.occurred_at
      order by programme_versions.effective_from_at desc, programme_versions.id desc
      limit 1
    ) as policy
      on true
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind = 'extend'
  ),

  found as materialized (
    select
      points_lots.*,
      asked.fact_id,
      asked.occurred_at,
      asked.until_at
    from asked
    inner join app.points_lots
      on points_lots.book_id = asked.book_id
      and points_lots.customer_id = asked.customer_id
    where points_lots.account = 'points'
      and points_lots.expires_at <= asked.expiring_until_at
      and points_lots.expires_at < asked.until_at
      and (
        points_lots.expires_at > asked.occurred_at
        or (points_lots.expires_at > asked.back_to_at and points_lots.expired > 0)
      )
  ),

  lots as (
    update app.points_lots
    set
      expires_at = found.until_at,
      available = points_lots.available + found.expired,
      expired = 0
    from found
    where points_lots.book_id = found.book_id
      and points_lots.customer_id = found.customer_id
      and points_lots.origin_kind = found.origin_kind
      and points_lots.origin_id = found.origin_id
      and points_lots.rule_id = found.rule_id
  )

  insert into app.points_entries (
    book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
  )
  select
    found.book_id,
    found.customer_id,
    'extend',
    found.origin_kind,
    found.origin_id,
    found.rule_id,
    'points',
    parts.from_state,
    parts.to_state,
    parts.points,
    'extend',
    found.fact_id,
    found.occurred_at
  from found
  cross join lateral (
    values
      -- They stay where they are; only their day moves.
      ('expiring', 'extended', found.pending + found.available + found.reserved),
      ('expired', 'available', found.expired)
  ) as parts (from_state, to_state, points)
  where parts.points > 0;

  if found then
    perform ops.engine_repay(run, this_round, true);
  end if;
end;
$$;

comment on function ops.engine_extend(bigint, integer) is
  'Lots of the extensions of the round that expire by the day named get their new day; what expired not longer ago than the policy says is available again.';
