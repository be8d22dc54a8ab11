create view base.audit_entries as

select
  audit_entries.id,
  audit_entries.at,
  audit_entries.user_id,
  audit_entries.token_id,
  audit_entries.actor,
  audit_entries.resource,
  audit_entries.record_id,
  audit_entries.action,
  -- Names only: the values may be personal, and are told field by field by the history of a record.
  array(
    select jsonb_object_keys(coalesce(audit_entries.after, audit_entries.before))
  ) as changed_fields,
  audit_entries.reason,
  audit_entries.request_id
from app.audit_entries;

comment on view base.audit_entries is
  'Audit log
One row per write, export or sign-in: who, when, what, and which fields.';
