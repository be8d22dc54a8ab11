-- The only routine with which the app login makes anything in schema report. What it makes follows from app.custom_fields
-- alone: every name is checked against the catalogue or quoted, every text is a literal, and the view gives nothing of a
-- record but its id and the fields that are no personal data. A view that is being read is left for the next call.
create function ops.make_custom_views()
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog
set lock_timeout = '3s'
as $$
declare
  wanted record;
  reader name;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.make_custom_views', 0));

  for wanted in
    with columns as (
      select
        custom_fields.resource,
        custom_fields.key,
        custom_fields.position,
        custom_fields.id,
        format(
          case
            when custom_fields.kind in ('integer', 'ref') then 'app.integer_of(records.extras ->> %L)'
            when custom_fields.kind = 'money' then 'app.decimal_of(records.extras ->> %L)::numeric(32, 2)'
            when custom_fields.kind = 'decimal' then 'app.decimal_of(records.extras ->> %L)::numeric(32, 4)'
            when custom_fields.kind = 'rate' then 'app.decimal_of(records.extras ->> %L)'
            when custom_fields.kind = 'boolean' then 'app.boolean_of(records.extras ->> %L)'
            when custom_fields.kind = 'date' then 'app.date_of(records.extras ->> %L)'
            when custom_fields.kind = 'datetime' then 'app.time_of(records.extras ->> %L)'
            when custom_fields.kind in ('choices', 'tags') then 'app.list_of(records.extras -> %L)'
            else 'records.extras ->> %L'
          end,
          custom_fields.key
        ) as expression,
        concat_ws(
          E'\n',
          replace(custom_fields.label, E'\n', ' '),
          coalesce(nullif(custom_fields.help, ''), custom_fields.label_en),
          case
            when custom_fields.kind in ('choice', 'choices')
              then (
                select string_agg(concat(choice ->> 'code', ' = ', choice ->> 'label'), ', ' order by place)
                from jsonb_array_elements(custom_fields.choices) with ordinality as choices (choice, place)
              )
          end
        ) as meaning
      from app.custom_fields
      where custom_fields.active
        and not (custom_fields.pii and custom_fields.kind in ('text', 'longtext'))
        and custom_fields.kind not in ('email', 'phone')
        and custom_fields.key ~ '^[a-z][a-z0-9_]{0,39}$'
        and custom_fields.key <> 'id'
    ),

    -- Only tables of this product that keep such fields.
    targets as (
      select
        columns.resource,
        concat(columns.resource, '_custom') as view_name,
        string_agg(format(E',\n  %s as %I', columns.expression, columns.key), '' order by columns.position, columns.id) as selected,
        string_agg(
          format('comment on column report.%I.%I is %L;', concat(columns.resource, '_custom'), columns.key, columns.meaning),
          E'\n'
          order by columns.position, columns.id
        ) as comments
      from columns
      inner join pg_class
        on pg_class.relname = columns.resource
        and pg_class.relnamespace = 'app'::regnamespace
        and pg_class.relkind in ('r', 'p')
      inner join pg_attribute
        on pg_attribute.attrelid = pg_class.oid
        and pg_attribute.attname = 'extras'
        and pg_attribute.atttypid = 'jsonb'::regtype
        and not pg_attribute.attisdropped
      where length(columns.resource) < 50
      group by columns.resource
    ),

    texts as (
      select
        targets.resource,
        targets.view_name,
        concat(
          format(E'create view report.%I as select\n  records.id%s\nfrom app.%I as records;\n', targets.view_name, targets.selected, targets.resource),
          format(
            E'comment on view report.%I is %L;\n', targets.view_name,
            format(E'Added fields of %s\nOne row per record, with the fields that staff added and that are no personal data.', targets.resource)
          ),
          format(E'comment on column report.%I.id is %L;\n', targets.view_name, E'ID\nOf the record.'),
          targets.comments
        ) as definition
      from targets
    )

    select
      coalesce(texts.resource, custom_views.resource) as resource,
      concat(coalesce(texts.resource, custom_views.resource), '_custom') as view_name,
      texts.definition,
      custom_views.resource is not null as known,
      to_regclass(format('report.%I', concat(coalesce(texts.resource, custom_views.resource), '_custom'))) is not null as there
    from texts
    full join app.custom_views
      on custom_views.resource = texts.resource
    where texts.definition is distinct from custom_views.definition
      or to_regclass(format('report.%I', concat(coalesce(texts.resource, custom_views.resource), '_custom'))) is null
  loop
    -- A view of that name which is not one of these belongs to the release.
    continue when wanted.there and not wanted.known;
    begin
      if wanted.there then
        execute format('drop view report.%I', wanted.view_name);
      end if;
      delete from app.custom_views
      where custom_views.resource = wanted.resource;
      if wanted.definition is not null then
        execute wanted.definition;
        for reader in
          select pg_roles.rolname
          from pg_namespace
          cross join aclexplode(pg_namespace.nspacl) as granted
          inner join pg_roles
            on pg_roles.oid = granted.grantee
          where pg_namespace.nspname = 'report'
            and granted.privilege_type = 'USAGE'
            and granted.grantee <> pg_namespace.nspowner
        loop
          execute format('grant select on report.%I to %I', wanted.view_name, reader);
        end loop;
        insert into app.custom_views (resource, definition)
        values (wanted.resource, wanted.definition);
      end if;
      made := made + 1;
    exception
      when lock_not_available then
        null;
    end;
  end loop;
  return made;
end;
$$;

comment on function ops.make_custom_views() is
  'Makes report.<resource>_custom anew where the fields that staff added changed; how many were made or dropped. Runs as the owner: it is the way a field becomes a column for reports without a restart.';
