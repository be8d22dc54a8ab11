create view base.retrospectives as

select
  retrospectives.id,
  retrospectives.month_on,
  retrospectives.number,
  case
    when signatures.retrospective_id is not null and not newer.signed then 'signed'
    when newer.any then 'superseded'
    when retrospectives.submitted_at is not null then 'in_review'
    else 'draft'
  end as state,
  retrospectives.authors,
  case when signatures.retrospective_id is null then retrospectives.text else signatures.text end as text,
  retrospectives.submitted_by,
  retrospectives.submitted_at,
  signatures.signed_by,
  signatures.signed_at,
  signatures.actions as signed_actions,
  signatures.sha256 as signed_sha256,
  snapshots.written_at,
  snapshots.sha256,
  retrospectives.version
from app.retrospectives
inner join app.retrospective_snapshots as snapshots
  on snapshots.retrospective_id = retrospectives.id
left join app.retrospective_signatures as signatures
  on signatures.retrospective_id = retrospectives.id
cross join lateral (
  select
    count(*) > 0 as any,
    count(later_signatures.retrospective_id) > 0 as signed
  from app.retrospectives as later
  left join app.retrospective_signatures as later_signatures
    on later_signatures.retrospective_id = later.id
  where later.month_on = retrospectives.month_on
    and later.number > retrospectives.number
) as newer;

comment on view base.retrospectives is
  'Monthly retrospectives
One row per month and number: how far it is (draft, in_review, signed, superseded by a later one), and what was said and signed.';
