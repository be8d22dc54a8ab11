create function ops.held_titles(customer bigint, at timestamptz)
returns jsonb
language sql
stable
begin atomic
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'title', held.code,
        'kind', held.kind,
        'name', held.name,
        'name_en', held.name_en,
        'icon', held.icon,
        'color', held.color,
        'granted_at', to_char(held.granted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'until_at', to_char(held.until_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      )
      order by held.granted_at desc, held.code
    ),
    '[]'
  )
  from (
    -- The same title given twice is one, for as long as the longest.
    select distinct on (titles.id)
      titles.code,
      titles.kind,
      titles.name,
      titles.name_en,
      titles.icon,
      titles.color,
      customer_titles.granted_at,
      customer_titles.until_at
    from app.customer_titles
    inner join app.titles
      on titles.id = customer_titles.title_id
    where customer_titles.customer_id = held_titles.customer
      and customer_titles.granted_at <= held_titles.at
      and customer_titles.revoked_at is null
      and (customer_titles.until_at is null or customer_titles.until_at > held_titles.at)
    order by titles.id, customer_titles.until_at desc nulls first, customer_titles.granted_at
  ) as held;
end;

comment on function ops.held_titles(bigint, timestamptz) is 'Titles and badges that a customer holds at a moment, for shops to show.';
