-- What stays of a history are the names of what changed, consents and the like that say who agreed to what; of everything
-- else no more than that there was a value. Called by ops.anonymise_customer, which runs as the owner.
create function ops.anonymise_elsewhere(whom bigint[], personal text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  kept constant text[] := array[
    'channel', 'consent_email', 'consent_profiling', 'consent_push', 'consent_sms', 'consent_wecom', 'enrolled_at', 'enrolled_on',
    'merged_into_id', 'province', 'status'
  ];
  written constant text[] := array['decision_note', 'note', 'partner_account', 'reason', 'subject'];
begin
  update app.audit_entries
  set
    before = ops.without_keys(audit_entries.before, kept, '{}'),
    after = ops.without_keys(audit_entries.after, kept, '{}'),
    -- The name of an action stays, what was written beside it goes.
    reason = substring(audit_entries.reason from '^[a-z_]+(?=:|$)')
  where audit_entries.resource = 'customers'
    and audit_entries.record_id = any (whom);

  update app.audit_entries
  set
    before = ops.without_keys(audit_entries.before, null, written),
    after = ops.without_keys(audit_entries.after, null, written),
    reason = substring(audit_entries.reason from '^[a-z_]+(?=:|$)')
  from (
    select 'redemptions' as resource, redemptions.id from app.redemptions where redemptions.customer_id = any (whom)
    union all
    select 'benefit_uses', benefit_uses.id from app.benefit_uses where benefit_uses.customer_id = any (whom)
    union all
    select 'benefit_grants', benefit_grants.id from app.benefit_grants where benefit_grants.customer_id = any (whom)
    union all
    select 'points_extensions', points_extensions.id from app.points_extensions where points_extensions.customer_id = any (whom)
    union all
    select 'orders', orders.id from app.orders where orders.customer_id = any (whom)
    union all
    select 'returns', returns.id from app.returns where returns.customer_id = any (whom)
  ) as theirs
  where audit_entries.resource = theirs.resource
    and audit_entries.record_id = theirs.id;

  -- Exports and imports say what they were asked for, with no record of their own.
  update app.audit_entries
  set
    before = ops.without_values(audit_entries.before::text, personal)::jsonb,
    after = ops.without_values(audit_entries.after::text, personal)::jsonb,
    reason = ops.without_values(audit_entries.reason, personal)
  where audit_entries.record_id is null
    and audit_entries.resource in (
      'customers', 'orders', 'order_lines', 'returns', 'events', 'redemptions', 'benefit_uses', 'benefit_grants', 'imports'
    )
    and concat_ws(' ', audit_entries.before, audit_entries.after, audit_entries.reason)
      <> ops.without_values(concat_ws(' ', audit_entries.before, audit_entries.after, audit_entries.reason), personal);

  update app.bulk_changes
  set reason = ops.without_values(bulk_changes.reason, personal)
  where bulk_changes.reason <> ops.without_values(bulk_changes.reason, personal);

  -- What waits for a person who is gone waits in vain.
  update app.change_requests
  set
    state = case
      when change_requests.state in ('draft', 'in_review') then 'withdrawn'
      else change_requests.state
    end,
    title = change_requests.record_id::text,
    base = ops.without_keys(change_requests.base, kept, '{}'),
    changes = ops.without_keys(change_requests.changes, kept, '{}'),
    details = case when change_requests.details is not null then jsonb_build_object('name', change_requests.details ->> 'name') end,
    note = null,
    problem = null,
    decision_note = null
  where change_requests.resource = 'customers'
    and change_requests.record_id = any (whom);

  update app.change_consents
  set note = null
  from app.change_requests
  where change_requests.id = change_consents.change_request_id
    and change_requests.resource = 'customers'
    and change_requests.record_id = any (whom);

  update app.change_requests
  set
    title = ops.without_values(change_requests.title, personal),
    base = ops.without_values(change_requests.base::text, personal)::jsonb,
    changes = ops.without_values(change_requests.changes::text, personal)::jsonb,
    details = ops.without_values(change_requests.details::text, personal)::jsonb,
    note = ops.without_values(change_requests.note, personal),
    problem = ops.without_values(change_requests.problem, personal),
    decision_note = ops.without_values(change_requests.decision_note, personal)
  where concat_ws(
    ' ', change_requests.title, change_requests.base, change_requests.changes, change_requests.details, change_requests.note,
    change_requests.problem, change_requests.decision_note
  )
    <> ops.without_values(concat_ws(
    ' ', change_requests.title, change_requests.base, change_requests.changes, change_requests.details, change_requests.note,
    change_requests.problem, change_requests.decision_note
  ), personal);

  update app.change_consents
  set note = ops.without_values(change_consents.note, personal)
  where change_consents.note <> ops.without_values(change_consents.note, personal);

  -- An answer given again would tell it again.
  update app.idempotency_keys
  set body = jsonb_build_object('id', idempotency_keys.body -> 'id')
  where idempotency_keys.body::text <> ops.without_values(idempotency_keys.body::text, personal);

  update app.saved_views
  set
    name = ops.without_values(saved_views.name, personal),
    settings = ops.without_values(saved_views.settings::text, personal)::jsonb
  where concat_ws(' ', saved_views.name, saved_views.settings)
    <> ops.without_values(concat_ws(' ', saved_views.name, saved_views.settings), personal);

  update app.user_preferences
  set settings = ops.without_values(user_preferences.settings::text, personal)::jsonb
  where user_preferences.settings::text <> ops.without_values(user_preferences.settings::text, personal);

  update app.job_runs
  set error = ops.without_values(job_runs.error, personal)
  where job_runs.error <> ops.without_values(job_runs.error, personal);

  -- Rows of files that are shown again; the files themselves are removed by whoever calls.
  update app.imports
  set
    sample = '[]',
    preview = '[]',
    errors = '[]',
    file_name = ops.without_values(imports.file_name, personal),
    message = ops.without_values(imports.message, personal)
  where concat_ws(' ', imports.file_name, imports.sample, imports.preview, imports.errors, imports.message)
    <> ops.without_values(concat_ws(' ', imports.file_name, imports.sample, imports.preview, imports.errors, imports.message), personal);

  -- What an import left that could not clear up after itself: whatever can be seen there is over.
  delete from app.import_rows;
  delete from app.import_order_lines;
  delete from app.import_orders;
  delete from app.import_returns;
end;
$$;

comment on function ops.anonymise_elsewhere(bigint[], text[]) is
  'Empties histories, requests, kept answers, views and imports of the customers: what is told about their records, and the values that name them.';
