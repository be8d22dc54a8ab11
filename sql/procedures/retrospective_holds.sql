create function ops.retrospective_holds(record_id bigint, anchor text)
returns boolean
language sql
stable
begin atomic
  select
    anchor in (
      'verdict', 'scorecard', 'drivers', 'campaigns', 'pages', 'feedback', 'budgets', 'forecast', 'quality', 'actions', 'definitions'
    )
    or exists (
      select
      from app.retrospective_snapshots as snapshots
      where snapshots.retrospective_id = record_id
        and snapshots.body -> 'figures' @> jsonb_build_array(jsonb_build_object('id', anchor))
    );
end;

comment on function ops.retrospective_holds(bigint, text) is 'Whether a retrospective has such a chapter, or a figure of that id.';
