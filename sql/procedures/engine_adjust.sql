create function ops.engine_adjust(run bigint, this_round integer)
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
  with lots as (
    insert into app.points_lots (
      book_id, customer_id, origin_kind, origin_id, rule_id, account, earned_at, earned_on, available_at, expires_at,
      raw_points, issued, available, segment_line_id, kind_line_id, point_value
    )
    select
      engine_turns.book_id,
      engine_turns.customer_id,
      'adjust',
      engine_turns.fact_id,
      0,
      'points',
      engine_turns.occurred_at,
      engine_turns.occurred_on,
      engine_turns.occurred_at,
      policy.expires_at,
      engine_turns.points,
      engine_turns.points,
      engine_turns.points,
      points_adjustments.segment_line_id,
      points_adjustments.kind_line_id,
      points_adjustments.point_value
    from app.engine_turns
    inner join app.points_adjustments
      on points_adjustments.customer_id = engine_turns.customer_id
      and points_adjustments.id = engine_turns.fact_id
    left join lateral (
      select
        ops.points_expiry(
          engine_turns.occurred_on, zone, (programme_versions.body ->> 'expiry_months')::integer,
          programme_versions.body ->> 'expiry', (programme_versions.body ->> 'expiry_month')::integer,
          (programme_versions.body ->> 'expiry_day')::integer
        ) as expires_at
      from app.programme_versions
      where programme_versions.resource = 'points_policies'
        and programme_versions.effective_from_at <= engine_turns.occurred_at
      order by programme_versions.effective_from_at desc, programme_versions.id desc
      limit 1
    ) as policy
      on true
    where engine_turns.run_id = run
      and engine_turns.round = this_round
      and engine_turns.fact_kind = 'adjust'
      and engine_turns.points > 0
    returning points_lots.*
  )

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
    'available',
    lots.issued,
    lots.origin_kind,
    lots.origin_id,
    lots.earned_at
  from lots;
end;
$$;

comment on function ops.engine_adjust(bigint, integer) is
  'Points that staff gave in the round, as lots under the expiry policy of their day.';
