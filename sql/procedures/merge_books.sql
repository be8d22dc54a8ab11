-- Lots and answers become the survivor's, so that whoever does them again keeps what was granted and what was refused, and no
-- budget is asked twice. The duplicate's ledger is closed by what undoes it; nothing that was booked is altered.
-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_books(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
begin
  insert into app.points_entries (
    customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points,
    fact_kind, fact_id, redemption_id, occurred_at, correction
  )
  select
    duplicate,
    moved.kind,
    moved.origin_kind,
    moved.origin_id,
    moved.rule_id,
    moved.account,
    case when moved.points > 0 then moved.other_state else moved.one_state end,
    case when moved.points > 0 then moved.one_state else moved.other_state end,
    abs(moved.points),
    moved.fact_kind,
    moved.fact_id,
    moved.redemption_id,
    moved.occurred_at,
    true
  from (
    select
      points_entries.kind,
      points_entries.origin_kind,
      points_entries.origin_id,
      points_entries.rule_id,
      points_entries.account,
      least(points_entries.from_state, points_entries.to_state) as one_state,
      greatest(points_entries.from_state, points_entries.to_state) as other_state,
      points_entries.fact_kind,
      points_entries.fact_id,
      points_entries.redemption_id,
      max(points_entries.occurred_at) as occurred_at,
      sum(case when points_entries.from_state < points_entries.to_state then points_entries.points else -points_entries.points end) as points
    from app.points_entries
    where points_entries.customer_id = duplicate
      and points_entries.book_id = 0
    group by
      points_entries.kind, points_entries.origin_kind, points_entries.origin_id, points_entries.rule_id, points_entries.account,
      least(points_entries.from_state, points_entries.to_state), greatest(points_entries.from_state, points_entries.to_state),
      points_entries.fact_kind, points_entries.fact_id, points_entries.redemption_id
  ) as moved
  where moved.points <> 0
  order by moved.occurred_at;

  insert into app.decisions (customer_id, fact_kind, fact_id, occurred_at, rule_id, rule_version_id, outcome, points, detail)
  select
    survivor,
    latest.fact_kind,
    latest.fact_id,
    latest.occurred_at,
    latest.rule_id,
    latest.rule_version_id,
    latest.outcome,
    latest.points,
    latest.detail
  from (
    select distinct on (decisions.fact_kind, decisions.fact_id, decisions.rule_version_id) decisions.*
    from app.decisions
    where decisions.customer_id = duplicate
      and decisions.book_id = 0
      and decisions.fact_kind <> 'sign_up'
    order by decisions.fact_kind, decisions.fact_id, decisions.rule_version_id, decisions.id desc
  ) as latest
  order by latest.id;

  update app.points_lots
  set customer_id = survivor
  where points_lots.customer_id = duplicate
    and points_lots.book_id = 0;

  delete from app.points_allocations
  where points_allocations.customer_id = duplicate
    and points_allocations.book_id = 0;

  delete from app.tier_stays
  where tier_stays.customer_id = duplicate
    and tier_stays.book_id = 0;

  delete from app.tier_states
  where tier_states.customer_id = duplicate
    and tier_states.book_id = 0;

  -- What time had brought to either by then it brings to the survivor.
  update app.points_accounts
  set settled_at = greatest(points_accounts.settled_at, theirs.settled_at)
  from app.points_accounts as theirs
  where points_accounts.book_id = 0
    and points_accounts.customer_id = survivor
    and theirs.book_id = 0
    and theirs.customer_id = duplicate;

  update app.points_accounts
  set
    pending = 0,
    available = 0,
    reserved = 0,
    spent = 0,
    expired = 0,
    reversed = 0,
    debt = 0,
    written_off = 0,
    growth = 0,
    last_at = null,
    last_rank = null,
    last_source = null,
    last_external_id = null,
    settled_at = null,
    due_at = null
  where points_accounts.book_id = 0
    and points_accounts.customer_id = duplicate;
end;
$$;

comment on function ops.merge_books(bigint, bigint) is
  'Hands what the engine remembers of the duplicate''s facts to the survivor, and closes the duplicate''s ledger at nothing by corrections.';
