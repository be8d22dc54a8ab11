create function ops.keep_benefit_version(benefit bigint, user_id bigint, from_at timestamptz default now())
returns void
language sql
volatile
begin atomic
  select ops.keep_version(
    'benefits',
    benefit,
    user_id,
    (
      select to_jsonb(benefits) - array['name', 'name_en', 'description', 'created_at', 'updated_at', 'version', 'extras']
      from app.benefits
      where benefits.id = benefit
    ),
    from_at
  );
end;

comment on function ops.keep_benefit_version(bigint, bigint, timestamptz) is
  'Keeps a benefit as it holds from a moment on; deleted, where there is none.';
