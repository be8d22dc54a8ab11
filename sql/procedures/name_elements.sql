-- A hostile page can make up names without end; beyond 2,000 of a version they are one.
create function ops.name_elements(versions bigint[], names text[])
returns table (page_version_id bigint, element text, element_id integer)
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  insert into app.page_elements (page_version_id, element)
  select
    asked.page_version_id,
    asked.element
  from (
    select
      named.page_version_id,
      named.element,
      row_number() over (partition by named.page_version_id order by named.element) as place
    from (
      select distinct
        given.page_version_id,
        given.element
      from unnest(versions, names) as given (page_version_id, element)
      union
      select
        given.page_version_id,
        '*'
      from unnest(versions) as given (page_version_id)
    ) as named
    where not exists (
      select
      from app.page_elements
      where page_elements.page_version_id = named.page_version_id
        and page_elements.element = named.element
    )
  ) as asked
  where asked.element = '*'
    or asked.place <= 2000 - (
      select count(*)
      from app.page_elements
      where page_elements.page_version_id = asked.page_version_id
    )
  order by asked.page_version_id, asked.element
  on conflict (page_version_id, element) do nothing;

  return query
  select
    given.page_version_id,
    given.element,
    coalesce(known.id, others.id)
  from unnest(versions, names) as given (page_version_id, element)
  left join app.page_elements as known
    on known.page_version_id = given.page_version_id
    and known.element = given.element
  left join app.page_elements as others
    on others.page_version_id = given.page_version_id
    and others.element = '*';
end;
$$;

comment on function ops.name_elements(bigint[], text[]) is
  'The numbers of elements of versions of pages, made where they are new; those beyond the 2,000 of a version have that of "*".';
