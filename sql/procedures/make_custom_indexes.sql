-- Indexes for sorting and ranges over fields that staff added, one at a call. While one is made, writes to its table wait
-- (about a second for a million records); it gives way when the table is busy.
create function ops.make_custom_indexes()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog
set lock_timeout = '3s'
as $$
declare
  wanted record;
begin
  for wanted in
    with fields as (
      select
        custom_fields.resource,
        format('custom_field_%s_%s_idx', custom_fields.id, left(md5(concat(custom_fields.kind, ' ', custom_fields.key)), 8)) as index_name,
        format(
          case
            when custom_fields.kind in ('integer', 'ref') then '(app.integer_of(extras ->> %L))'
            when custom_fields.kind = 'money' then '((app.decimal_of(extras ->> %L))::numeric(32, 2))'
            when custom_fields.kind = 'decimal' then '((app.decimal_of(extras ->> %L))::numeric(32, 4))'
            when custom_fields.kind = 'rate' then '(app.decimal_of(extras ->> %L))'
            when custom_fields.kind = 'date' then '(app.date_of(extras ->> %L))'
            when custom_fields.kind = 'datetime' then '(app.time_of(extras ->> %L))'
            else '(extras ->> %L)'
          end,
          custom_fields.key
        ) as expression
      from app.custom_fields
      inner join pg_class
        on pg_class.relname = custom_fields.resource
        and pg_class.relnamespace = 'app'::regnamespace
        and pg_class.relkind in ('r', 'p')
      inner join pg_attribute
        on pg_attribute.attrelid = pg_class.oid
        and pg_attribute.attname = 'extras'
        and pg_attribute.atttypid = 'jsonb'::regtype
        and not pg_attribute.attisdropped
      where custom_fields.indexed
        and custom_fields.active
        and custom_fields.kind not in ('choices', 'tags', 'longtext', 'boolean')
    ),

    there as (
      select pg_class.relname::text as index_name
      from pg_class
      where pg_class.relnamespace = 'app'::regnamespace
        and pg_class.relkind = 'i'
        and pg_class.relname ~ '^custom_field_[0-9]+_[0-9a-f]{8}_idx$'
    )

    select
      case
        when fields.index_name is null then format('drop index app.%I', there.index_name)
        else format('create index %I on app.%I (%s, id)', fields.index_name, fields.resource, fields.expression)
      end as statement
    from fields
    full join there
      on there.index_name = fields.index_name
    where fields.index_name is null
      or there.index_name is null
    order by 1 desc
    limit 1
  loop
    execute wanted.statement;
    return 1;
  end loop;
  return 0;
exception
  when lock_not_available then
    return 0;
end;
$$;

comment on function ops.make_custom_indexes() is
  'Makes or drops one index that app.custom_fields.indexed asks for or no longer asks for; how many. Runs as the owner.';
