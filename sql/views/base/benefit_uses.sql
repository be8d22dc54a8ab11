create view base.benefit_uses as
select
  benefit_uses.id,
  benefit_uses.customer_id,
  benefit_uses.source,
  benefit_uses.external_id,
  benefit_uses.benefit_id,
  benefit_uses.package_id,
  benefit_uses.status,
  benefit_uses.fulfilment,
  benefit_uses.owner_role,
  benefit_uses.code,
  benefit_uses.used_at,
  benefit_uses.used_on,
  benefit_uses.reserved_until_at,
  benefit_uses.due_at,
  benefit_uses.status = 'waiting' and coalesce(benefit_uses.due_at < now(), false) as late,
  benefit_uses.fulfilled_at,
  benefit_uses.fulfilled_by,
  benefit_uses.cancelled_at,
  benefit_uses.unit_cost,
  benefit_uses.note,
  benefit_uses.reason,
  benefit_uses.version
from app.benefit_uses;

comment on view base.benefit_uses is
  'Uses of benefits
One row per use, with who is to do it by when. late: it should have been done.';
