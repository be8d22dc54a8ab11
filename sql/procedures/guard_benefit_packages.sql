-- After a change of a package: what cannot be said over one record alone.
create function ops.guard_benefit_packages(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  item record;
begin
  perform ops.keep_package_version(record_id, user_id);
  if after is null or after ->> 'status' <> 'active' then
    return;
  end if;

  perform pg_advisory_xact_lock(hashtextextended('evergreen benefits', 0));

  if not exists (
    select
    from app.benefit_package_items
    where benefit_package_items.package_id = record_id
  ) then
    raise exception '权益包里还没有权益 | There is no benefit in the package yet'
      using errcode = 'EG422', column = 'items', hint = '请至少添加一项，或先存为草稿 | Add one, or keep it as a draft';
  end if;

  select
    benefits.name,
    benefits.name_en
  into item
  from app.benefit_package_items
  inner join app.benefits
    on benefits.id = benefit_package_items.benefit_id
  where benefit_package_items.package_id = record_id
    and benefits.status <> 'active'
  order by benefit_package_items.position, benefit_package_items.id
  limit 1;

  if found then
    raise exception '权益“%”未在使用中 | The benefit “%” is not active', item.name, item.name_en
      using errcode = 'EG422', column = 'items', hint = '请先启用它，或移出权益包 | Make it active, or take it out';
  end if;
end;
$$;

comment on function ops.guard_benefit_packages(bigint, bigint, jsonb, jsonb) is
  'A package that is granted has benefits, all of them active. Keeps the package as it holds from now on.';
