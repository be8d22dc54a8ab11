-- Movements are compared by what they are about, not by when they were booked: a difference of nothing books nothing.
create function ops.engine_merge(run bigint)
returns void
language plpgsql
volatile
as $$
declare
  late bigint[];
begin
  select array_agg(points_accounts.customer_id)
  into late
  from app.points_accounts
  where points_accounts.book_id = run;

  if late is null then
    return;
  end if;

  with movements as (
    select
      points_entries.*,
      case when points_entries.from_state < points_entries.to_state then 1 else -1 end
      * case when points_entries.book_id = 0 then -1 else 1 end
      * points_entries.points as difference
    from app.points_entries
    where points_entries.customer_id = any (late)
      and points_entries.book_id in (0, run)
  ),

  differences as (
    select
      movements.customer_id,
      movements.kind,
      movements.origin_kind,
      movements.origin_id,
      movements.rule_id,
      movements.account,
      least(movements.from_state, movements.to_state) as one_state,
      greatest(movements.from_state, movements.to_state) as other_state,
      movements.fact_kind,
      movements.fact_id,
      movements.redemption_id,
      max(movements.occurred_at) as occurred_at,
      sum(movements.difference) as points,
      bool_or(movements.book_id = 0) as had
    from movements
    group by
      movements.customer_id, movements.kind, movements.origin_kind, movements.origin_id, movements.rule_id, movements.account,
      least(movements.from_state, movements.to_state), greatest(movements.from_state, movements.to_state),
      movements.fact_kind, movements.fact_id, movements.redemption_id
    having sum(movements.difference) <> 0
  )

  insert into app.points_entries (
    customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at, correction
  )
  select
    differences.customer_id,
    differences.kind,
    differences.origin_kind,
    differences.origin_id,
    differences.rule_id,
    differences.account,
    case when differences.points > 0 then differences.one_state else differences.other_state end,
    case when differences.points > 0 then differences.other_state else differences.one_state end,
    abs(differences.points),
    differences.fact_kind,
    differences.fact_id,
    differences.redemption_id,
    differences.occurred_at,
    differences.had
  from differences
  order by differences.customer_id, differences.occurred_at;

  insert into app.decisions (customer_id, fact_kind, fact_id, occurred_at, rule_id, rule_version_id, outcome, points, detail)
  select
    decisions.customer_id,
    decisions.fact_kind,
    decisions.fact_id,
    decisions.occurred_at,
    decisions.rule_id,
    decisions.rule_version_id,
    decisions.outcome,
    decisions.points,
    decisions.detail
  from app.decisions
  left join lateral (
    select
      before.outcome,
      before.points,
      before.detail
    from app.decisions as before
    where before.book_id = 0
      and before.customer_id = decisions.customer_id
      and before.fact_kind = decisions.fact_kind
      and before.fact_id = decisions.fact_id
      and before.rule_version_id = decisions.rule_version_id
    order by before.id desc
    limit 1
  ) as known
    on true
  where decisions.book_id = run
    and decisions.customer_id = any (late)
    and (known.outcome, known.points, known.detail) is distinct from (decisions.outcome, decisions.points, decisions.detail)
  order by decisions.id;

  delete from app.points_lots
  where points_lots.book_id = 0
    and points_lots.customer_id = any (late);

  update app.points_lots
  set book_id = 0
  where points_lots.book_id = run
    and points_lots.customer_id = any (late);

  delete from app.points_allocations
  where points_allocations.book_id = 0
    and points_allocations.customer_id = any (late);

  update app.points_allocations
  set book_id = 0
  where points_allocations.book_id = run
    and points_allocations.customer_id = any (late);

  -- The stays are what all facts lead to; a change is booked where the customer is in another tier now.
  insert into app.tier_changes (customer_id, from_tier_id, to_tier_id, changed_at, reason, fact_kind, fact_id)
  select
    anew.customer_id,
    before.tier_id,
    anew.tier_id,
    anew.entered_at,
    'correction',
    stays.fact_kind,
    stays.fact_id
  from app.tier_states as anew
  inner join app.tier_states as before
    on before.book_id = 0
    and before.customer_id = anew.customer_id
  inner join app.tier_stays as stays
    on stays.book_id = run
    and stays.customer_id = anew.customer_id
    and stays.left_at is null
  where anew.book_id = run
    and anew.customer_id = any (late)
    and anew.tier_id is distinct from before.tier_id
  order by anew.customer_id;

  delete from app.tier_states
  where tier_states.book_id = 0
    and tier_states.customer_id = any (late);

  update app.tier_states
  set book_id = 0
  where tier_states.book_id = run
    and tier_states.customer_id = any (late);

  delete from app.tier_stays
  where tier_stays.book_id = 0
    and tier_stays.customer_id = any (late);

  update app.tier_stays
  set book_id = 0
  where tier_stays.book_id = run
    and tier_stays.customer_id = any (late);

  perform ops.engine_forget(run);
end;
$$;

comment on function ops.engine_merge(bigint) is
  'Makes the books that a run worked out anew the real ones; the movements by which they differ are appended as corrections.';
