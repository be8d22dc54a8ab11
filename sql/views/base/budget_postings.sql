create view base.budget_postings as
select
  budget_postings.id,
  concat_ws(' · ', budget_postings.document, of_segment.name, of_kind.name) as title,
  concat_ws(' · ', budget_postings.document, of_segment.name_en, of_kind.name_en) as title_en,
  budget_postings.budget_id,
  of_segment.segment_id,
  of_kind.cost_kind,
  budget_postings.kind,
  budget_postings.from_state,
  budget_postings.to_state,
  budget_postings.amount,
  case
    when budget_postings.to_state in ('free', 'released') and budget_postings.from_state not in ('free', 'released')
      then -budget_postings.amount
    when budget_postings.from_state in ('free', 'released') and budget_postings.to_state not in ('free', 'released')
      then budget_postings.amount
    else 0
  end as change,
  budget_postings.over_limit,
  budget_postings.source_kind,
  budget_postings.source_key,
  budget_postings.customer_id,
  budget_postings.document,
  budget_postings.note,
  budget_postings.posted_by,
  budget_postings.posted_on,
  budget_postings.posted_at,
  budget_postings.source_kind = 'manual'
  and budget_postings.to_state = 'spent'
  and not exists (
    select
    from app.budget_postings as back
    where back.source_kind = 'manual'
      and back.source_key = budget_postings.source_key
      and back.from_state = 'spent'
  ) as can_reverse
from app.budget_postings
inner join base.budget_lines as of_segment
  on of_segment.id = budget_postings.segment_line_id
inner join base.budget_lines as of_kind
  on of_kind.id = budget_postings.kind_line_id;

comment on view base.budget_postings is
  'Budget postings
One row per movement of a budget''s money between states; change is what it does to what is used. Points are posted together: one row for each turn of the engine, pair of lines and day.';
