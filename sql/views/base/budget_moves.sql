create view base.budget_moves as

with names as (
  select
    budget_lines.id as line_id,
    coalesce(
      segments.segment_name,
      case budget_lines.cost_kind
        when 'referral' then '转介绍激励'
        when 'promotion' then '推广'
        when 'technology' then '技术'
        when 'contingency' then '应急'
      end
    ) as name,
    coalesce(
      segments.segment_name_en,
      case budget_lines.cost_kind
        when 'referral' then 'Referral incentives'
        when 'promotion' then 'Promotion'
        when 'technology' then 'Technology'
        when 'contingency' then 'Contingency'
      end
    ) as name_en
  from app.budget_lines
  left join base.segments
    on segments.id = budget_lines.segment_id
)

select
  budget_moves.id,
  source.name || ' → ' || target.name as title,
  source.name_en || ' → ' || target.name_en as title_en,
  budget_moves.budget_id,
  budget_moves.amount,
  budget_moves.reason,
  budget_moves.state,
  budget_moves.asked_by,
  budget_moves.asked_at,
  budget_moves.decided_by,
  budget_moves.decided_at,
  budget_moves.decision_note,
  budget_moves.version
from app.budget_moves
inner join names as source
  on source.line_id = budget_moves.from_line_id
inner join names as target
  on target.line_id = budget_moves.to_line_id;

comment on view base.budget_moves is
  'Budget moves
One row per move of money between two lines of a budget, called by the lines it goes between.';
