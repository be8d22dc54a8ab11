create function ops.keep_automation_version(of_automation_id bigint, user_id bigint, from_at timestamptz default null)
returns void
language plpgsql
volatile
as $$
begin
  insert into app.programme_versions (resource, record_id, effective_from_at, body, changed_by)
  select
    'automations',
    of_automation_id,
    coalesce(from_at, now()),
    (
      select to_jsonb(automations) - array['description', 'status', 'launched_at', 'launched_on', 'created_at', 'updated_at', 'version', 'extras']
      from app.automations
      where automations.id = of_automation_id
    ),
    nullif(user_id, 0);
end;
$$;

comment on function ops.keep_automation_version(bigint, bigint, timestamptz) is
  'Keeps an automation as it is now: journeys that begin from then on go by it.';
