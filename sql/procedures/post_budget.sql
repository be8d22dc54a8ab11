create function ops.post_budget(moves jsonb)
returns void
language plpgsql
volatile
as $$
begin
  with given as (
    select *
    from jsonb_to_recordset(moves) as move (
      segment_line_id bigint, kind_line_id bigint, from_state text, to_state text, amount numeric
    )
  ),

  changes as (
    select
      lines.id,
      coalesce(sum(given.amount) filter (where given.to_state = 'reserved'), 0)
        - coalesce(sum(given.amount) filter (where given.from_state = 'reserved'), 0) as reserved,
      coalesce(sum(given.amount) filter (where given.to_state = 'committed'), 0)
        - coalesce(sum(given.amount) filter (where given.from_state = 'committed'), 0) as committed,
      coalesce(sum(given.amount) filter (where given.to_state = 'spent'), 0)
        - coalesce(sum(given.amount) filter (where given.from_state = 'spent'), 0) as spent,
      coalesce(sum(given.amount) filter (where given.to_state = 'released'), 0)
        - coalesce(sum(given.amount) filter (where given.from_state = 'released'), 0) as released
    from given
    cross join lateral (values (given.segment_line_id), (given.kind_line_id)) as lines (id)
    group by lines.id
  )

  update app.budget_lines
  set
    reserved = budget_lines.reserved + changes.reserved,
    committed = budget_lines.committed + changes.committed,
    spent = budget_lines.spent + changes.spent,
    released = budget_lines.released + changes.released
  from changes
  where budget_lines.id = changes.id;

  insert into app.budget_postings (
    budget_id, segment_line_id, kind_line_id, from_state, to_state, amount, over_limit, source_kind, source_key, customer_id,
    document, note, posted_by, posted_on
  )
  select
    of_segment.budget_id,
    given.segment_line_id,
    given.kind_line_id,
    given.from_state,
    given.to_state,
    given.amount,
    given.from_state = 'free'
    and (
      trunc(of_segment.amount * budgets.stop_at, 2) < of_segment.reserved + of_segment.committed + of_segment.spent
      or trunc(of_kind.amount * budgets.stop_at, 2) < of_kind.reserved + of_kind.committed + of_kind.spent
    ),
    given.source_kind,
    given.source_key,
    given.customer_id,
    given.document,
    given.note,
    given.posted_by,
    given.posted_on
  from jsonb_to_recordset(moves) as given (
    segment_line_id bigint, kind_line_id bigint, from_state text, to_state text, amount numeric, source_kind text, source_key text,
    customer_id bigint, document text, note text, posted_by bigint, posted_on date
  )
  inner join app.budget_lines as of_segment
    on of_segment.id = given.segment_line_id
  inner join app.budget_lines as of_kind
    on of_kind.id = given.kind_line_id
  inner join app.budgets
    on budgets.id = of_segment.budget_id;
end;
$$;

comment on function ops.post_budget(jsonb) is
  'Books movements of money on the lines of budgets, each on one of either split, and keeps them as postings. The caller has locked
the lines in the order of their ids and asked for room; the only way in which the figures of a line change, but for moves between lines.';
