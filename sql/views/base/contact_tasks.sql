create view base.contact_tasks as
select
  contact_tasks.id,
  contact_tasks.customer_id,
  contact_tasks.automation_id,
  contact_tasks.run_id,
  contact_tasks.title,
  contact_tasks.note,
  contact_tasks.owner_role,
  contact_tasks.status,
  contact_tasks.opened_at,
  contact_tasks.due_at,
  contact_tasks.status = 'open' and contact_tasks.due_at < now() as late,
  contact_tasks.done_at,
  contact_tasks.done_by,
  contact_tasks.outcome,
  contact_tasks.version
from app.contact_tasks;

comment on view base.contact_tasks is
  'Contacts to be made
One row per customer whom somebody of the staff is to speak to. late: it should have been done.';
