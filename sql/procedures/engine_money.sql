-- What became of points becomes of their money: pending is reserved, available and reserved is committed, spent is spent, expired
-- and taken back is released. Of customers that were done again the two books are compared, of the others the new movements are
-- added up; either way a posting for each pair of lines, day and step.
create function ops.engine_money(run bigint)
returns void
language plpgsql
volatile
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  since bigint := (select engine_runs.entries_before from app.engine_runs where engine_runs.run_id = run);
  moves jsonb;
begin
  -- Where no rule was ever charged to a budget there is nothing to follow.
  if not exists (select from app.engine_lines where engine_lines.run_id = run)
    and not exists (select from app.budget_postings where budget_postings.source_kind = 'points')
    and not exists (select from app.points_adjustments where points_adjustments.budget_id is not null)
  then
    return;
  end if;

  with turned as materialized (
    select
      engine_turns.customer_id,
      bool_or(engine_turns.book_id <> 0) as again,
      max(engine_turns.occurred_on) as last_on
    from app.engine_turns
    where engine_turns.run_id = run
    group by engine_turns.customer_id
  ),

  moved as (
    select
      lots.segment_line_id,
      lots.kind_line_id,
      (entries.occurred_at at time zone zone)::date as posted_on,
      case entries.from_state
        when 'issued' then 'free'
        when 'pending' then 'reserved'
        when 'spent' then 'spent'
        when 'expired' then 'released'
        when 'reversed' then 'released'
        else 'committed'
      end as from_state,
      case entries.to_state
        when 'issued' then 'free'
        when 'pending' then 'reserved'
        when 'spent' then 'spent'
        when 'expired' then 'released'
        when 'reversed' then 'released'
        else 'committed'
      end as to_state,
      entries.points * lots.point_value as amount
    from turned
    cross join lateral (
      select *
      from app.points_entries
      where points_entries.customer_id = turned.customer_id
        and points_entries.book_id = 0
        and points_entries.id > since
      offset 0
    ) as entries
    cross join lateral (
      select *
      from app.points_lots
      where points_lots.customer_id = entries.customer_id
        and points_lots.book_id = 0
        and points_lots.origin_kind = entries.origin_kind
        and points_lots.origin_id = entries.origin_id
        and points_lots.rule_id = entries.rule_id
      offset 0
    ) as lots
    where not turned.again
      and lots.segment_line_id is not null
  ),

  held as (
    select
      lots.segment_line_id,
      lots.kind_line_id,
      turned.last_on as posted_on,
      states.state,
      sum(case when lots.book_id = 0 then -states.points else states.points end * lots.point_value) as amount
    from turned
    cross join lateral (
      select *
      from app.points_lots
      where points_lots.customer_id = turned.customer_id
        and points_lots.book_id in (0, run)
        and points_lots.segment_line_id is not null
      offset 0
    ) as lots
    cross join lateral (
      values
        ('reserved', lots.pending),
        ('committed', lots.available + lots.reserved),
        ('spent', lots.spent),
        ('released', lots.expired + lots.reversed),
        ('free', -lots.issued)
    ) as states (state, points)
    where turned.again
    group by lots.segment_line_id, lots.kind_line_id, turned.last_on, states.state
  ),

  -- What there is less of, laid beside what there is more of: where the two stretches overlap, so much went from one to the other.
  stretches as (
    select
      held.*,
      sum(abs(held.amount)) over (
        partition by held.segment_line_id, held.kind_line_id, held.posted_on, held.amount > 0
        order by held.state
      ) as until_amount
    from held
    where held.amount <> 0
  ),

  redone as (
    select
      less.segment_line_id,
      less.kind_line_id,
      less.posted_on,
      less.state as from_state,
      more.state as to_state,
      least(less.until_amount, more.until_amount)
      - greatest(less.until_amount - abs(less.amount), more.until_amount - more.amount) as amount
    from stretches as less
    inner join stretches as more
      on more.segment_line_id = less.segment_line_id
      and more.kind_line_id = less.kind_line_id
      and more.posted_on = less.posted_on
      and more.amount > 0
      and more.until_amount > less.until_amount - abs(less.amount)
      and more.until_amount - more.amount < less.until_amount
    where less.amount < 0
  ),

  sums as (
    select
      every.segment_line_id,
      every.kind_line_id,
      every.posted_on,
      every.from_state,
      every.to_state,
      sum(every.amount) as amount
    from (
      select * from moved
      union all
      select
        redone.segment_line_id,
        redone.kind_line_id,
        redone.posted_on,
        redone.from_state,
        redone.to_state,
        redone.amount
      from redone
    ) as every
    where every.from_state <> every.to_state
    group by every.segment_line_id, every.kind_line_id, every.posted_on, every.from_state, every.to_state
  )

  select
    jsonb_agg(
      to_jsonb(sums) || jsonb_build_object('source_kind', 'points', 'source_key', 'run ' || run)
      order by sums.posted_on, sums.from_state, sums.to_state, sums.segment_line_id
    )
  into moves
  from sums;

  if moves is null then
    return;
  end if;

  perform
  from app.budget_lines
  where budget_lines.id in (
    select unnest(array[move.segment_line_id, move.kind_line_id])
    from jsonb_to_recordset(moves) as move (segment_line_id bigint, kind_line_id bigint)
  )
  order by budget_lines.id
  for update;

  perform ops.post_budget(moves);
end;
$$;

comment on function ops.engine_money(bigint) is
  'Books on the budgets what the movements of points of a run come to. Before ops.engine_merge, while both books are there.';
