create function ops.keep_version(resource_name text, of_record_id bigint, by_user_id bigint, body jsonb, from_at timestamptz default now())
returns void
language sql
volatile
begin atomic
  insert into app.programme_versions (resource, record_id, effective_from_at, body, changed_by)
  values (resource_name, of_record_id, from_at, keep_version.body, nullif(by_user_id, 0));
end;

comment on function ops.keep_version(text, bigint, bigint, jsonb, timestamptz) is
  'Keeps a configuration record as it holds from a moment on (now where none is named), for facts that happen from then on.';
