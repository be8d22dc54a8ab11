create view base.decisions as
select
  decisions.id,
  decisions.customer_id,
  decisions.fact_kind,
  decisions.fact_id,
  decisions.occurred_at,
  decisions.rule_id,
  decisions.outcome,
  decisions.points,
  (decisions.detail ->> 'basis_amount')::numeric(14, 2) as basis_amount,
  (decisions.detail ->> 'raw_points')::numeric as raw_points,
  decisions.detail ->> 'reason' as reason,
  (decisions.detail ->> 'cost')::numeric(14, 2) as cost,
  decisions.detail
from app.decisions
where decisions.book_id = 0;

comment on view base.decisions is
  'Decisions
One row per rule that applied to a fact of a customer, with what it came to and why.';
