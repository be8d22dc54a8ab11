create function ops.restated_figures(month_on date, figures jsonb)
returns setof jsonb
language sql
stable
begin atomic
  with signed as (
    select distinct on (retrospectives.month_on)
      retrospectives.month_on,
      retrospectives.number,
      snapshots.body,
      snapshots.watermark
    from app.retrospectives
    inner join app.retrospective_signatures
      on retrospective_signatures.retrospective_id = retrospectives.id
    inner join app.retrospective_snapshots as snapshots
      on snapshots.retrospective_id = retrospectives.id
    where retrospectives.month_on < restated_figures.month_on
      and retrospectives.month_on >= (restated_figures.month_on - interval '12 months')::date
    order by retrospectives.month_on, retrospectives.number desc
  )

  select
    to_jsonb(changes) || jsonb_build_object('signed_month_on', signed.month_on, 'signed_number', signed.number)
  from signed
  cross join lateral ops.figure_changes(
    jsonb_path_query_array(
      signed.body -> 'figures', '$[*] ? (@.step == $month && @.chapter == "scorecard")', jsonb_build_object('month', signed.month_on)
    ),
    -- A figure that this one no longer holds was not restated.
    jsonb_path_query_array(figures, '$[*] ? (@.step == $month && @.chapter == "scorecard")', jsonb_build_object('month', signed.month_on)),
    signed.watermark <> ops.retrospective_watermark()
  ) with ordinality as changes
  where changes.before_value is not null
    and changes.after_value is not null
    and changes.reason <> 'target'
  order by signed.month_on desc, changes.ordinality;
end;

comment on function ops.restated_figures(date, jsonb) is
  'What the last signed retrospectives of the twelve months before say of their own month, where it is now known otherwise.';
