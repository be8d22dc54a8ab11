create function ops.keep_package_version(package bigint, user_id bigint, from_at timestamptz default now())
returns void
language sql
volatile
begin atomic
  select ops.keep_version(
    'benefit_packages',
    package,
    user_id,
    (
      select
        to_jsonb(benefit_packages) - array['name', 'name_en', 'description', 'created_at', 'updated_at', 'version', 'extras']
        || jsonb_build_object('items', coalesce((
          select jsonb_agg(
            jsonb_build_object('benefit_id', benefit_package_items.benefit_id, 'quota', benefit_package_items.quota)
            order by benefit_package_items.position, benefit_package_items.id
          )
          from app.benefit_package_items
          where benefit_package_items.package_id = benefit_packages.id
        ), '[]'))
      from app.benefit_packages
      where benefit_packages.id = package
    ),
    from_at
  );
end;

comment on function ops.keep_package_version(bigint, bigint, timestamptz) is
  'Keeps a package with its benefits as it holds from a moment on; deleted, where there is none.';
