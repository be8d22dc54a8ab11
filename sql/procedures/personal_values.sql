-- A name that others bear, too, says nothing about this one; a word of one letter says nothing about anybody.
create function ops.personal_values(whom bigint[])
returns text[]
language sql
stable
begin atomic
  with said as (
    select
      fields.key,
      fields.value
    from app.customers
    cross join lateral jsonb_each_text(
      jsonb_build_object(
        'external_id', customers.external_id, 'name', customers.name, 'phone', customers.phone, 'email', customers.email
      ) || coalesce((
        select jsonb_object_agg(custom_fields.key, customers.extras -> custom_fields.key)
        from app.custom_fields
        where custom_fields.resource = 'customers'
          and custom_fields.pii
      ), '{}')
    ) as fields (key, value)
    where customers.id = any (personal_values.whom)

    union

    select
      fields.key,
      fields.value
    from app.audit_entries
    cross join lateral (
      select * from jsonb_each_text(case jsonb_typeof(audit_entries.before) when 'object' then audit_entries.before end)
      union all
      select * from jsonb_each_text(case jsonb_typeof(audit_entries.after) when 'object' then audit_entries.after end)
    ) as fields (key, value)
    where audit_entries.resource = 'customers'
      and audit_entries.record_id = any (personal_values.whom)
      and fields.key in ('external_id', 'name', 'phone', 'email')
  )

  select coalesce(array_agg(distinct said.value order by said.value), '{}')
  from said
  where length(said.value) >= case said.key when 'name' then 2 else 4 end
    and not exists (
      select
      from app.customers
      where customers.id <> all (personal_values.whom)
        and said.key in ('external_id', 'name', 'phone', 'email')
        and case said.key
          when 'name' then customers.name
          when 'phone' then customers.phone
          when 'email' then customers.email
          else customers.external_id
        end = said.value
    );
end;

comment on function ops.personal_values(bigint[]) is
  'What tells who the customers are wherever it stands: their codes, names, phones, addresses, as they are and were; nothing that others share.';
