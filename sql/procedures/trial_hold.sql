-- Versions are only ever added: one that is added later for the same moment takes the place of the other.
create function ops.trial_hold(versions jsonb, since_at timestamptz)
returns void
language plpgsql
volatile
as $$
begin
  -- What is in a tier refers to it.
  insert into app.tiers
  select record.*
  from jsonb_to_recordset(versions) as version (resource text, record_id bigint, body jsonb)
  cross join lateral jsonb_populate_record(
    null::app.tiers,
    version.body || jsonb_build_object(
      'id', version.record_id, 'name', version.body ->> 'code', 'name_en', version.body ->> 'code', 'color', '#8c8c8c',
      'version', 1, 'created_at', now(), 'updated_at', now(), 'extras', '{}'::jsonb
    )
  ) as record
  where version.resource = 'tiers'
    and not exists (
      select
      from app.tiers
      where tiers.id = version.record_id
    );

  insert into app.programme_versions (resource, record_id, effective_from_at, body)
  select
    version.resource,
    version.record_id,
    moments.at,
    version.body
  from jsonb_to_recordset(versions) as version (resource text, record_id bigint, body jsonb)
  cross join lateral (
    select since_at as at
    union
    select programme_versions.effective_from_at
    from app.programme_versions
    where programme_versions.resource = version.resource
      and programme_versions.record_id = version.record_id
      and programme_versions.effective_from_at > since_at
  ) as moments;
end;
$$;

comment on function ops.trial_hold(jsonb, timestamptz) is
  'Lets drafts hold from a moment on, whatever was saved since. For a transaction that is rolled back.';
