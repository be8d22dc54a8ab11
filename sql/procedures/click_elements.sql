create function ops.click_elements(
  version bigint, from_on date, until_on date, device text, segment text, tier text
)
returns table (
  element text, label text, label_en text, block_kind text, part text, view_count bigint, page_visit_count bigint, click_count bigint,
  visit_count bigint, rage_count bigint, dead_count bigint, click_rate numeric, click_rate_low numeric, click_rate_high numeric,
  click_share numeric, rage_rate numeric, dead_rate numeric
)
language sql
stable
begin atomic
  with raw as materialized (
    select
      seen.day,
      seen.visit_id,
      seen.kind,
      seen.element_id
    from ops.click_raw(version, from_on, until_on, device, segment, tier) as seen
    where (segment is not null or tier is not null)
      and seen.kind <> 'scroll'
  ),

  counted as (
    select
      elem_day.element_id,
      sum(elem_day.click_count)::bigint as click_count,
      sum(elem_day.visit_count)::bigint as visit_count,
      sum(elem_day.rage_count)::bigint as rage_count,
      sum(elem_day.dead_count)::bigint as dead_count
    from app.elem_day
    where segment is null
      and tier is null
      and elem_day.page_version_id = version
      and elem_day.day >= from_on
      and elem_day.day < until_on
      and (click_elements.device is null or elem_day.device_class = click_elements.device)
    group by elem_day.element_id
    union all
    select
      raw.element_id,
      count(*) filter (where raw.kind = 'click'),
      count(distinct (raw.day, raw.visit_id)) filter (where raw.kind = 'click'),
      count(*) filter (where raw.kind = 'rage'),
      count(*) filter (where raw.kind = 'dead')
    from raw
    where raw.element_id is not null
    group by raw.element_id
  ),

  opened as (
    select
      coalesce(sum(devices.view_count), 0)::bigint as view_count,
      coalesce(sum(devices.visit_count), 0)::bigint as visit_count
    from ops.click_devices(version, from_on, until_on, segment, tier) as devices
    where click_elements.device is null
      or devices.device_class = click_elements.device
  ),

  -- What can be clicked on the version as it was published, in its order, and what else was clicked.
  listed as (
    select
      elements.value ->> 'id' as element,
      elements.value ->> 'label' as label,
      elements.value ->> 'label_en' as label_en,
      elements.position
    from app.page_versions
    cross join jsonb_array_elements(page_versions.elements) with ordinality as elements (value, position)
    where page_versions.id = click_elements.version
  ),

  clicked as (
    select
      page_elements.element,
      counted.click_count,
      counted.visit_count,
      counted.rage_count,
      counted.dead_count
    from counted
    inner join app.page_elements
      on page_elements.id = counted.element_id
  ),

  blocks as (
    select
      blocks.value ->> 'code' as code,
      blocks.value ->> 'kind' as kind
    from app.page_versions
    cross join jsonb_array_elements(page_versions.blocks) as blocks (value)
    where page_versions.id = click_elements.version
  )

  select
    coalesce(listed.element, clicked.element),
    coalesce(listed.label, clicked.element),
    coalesce(listed.label_en, clicked.element),
    blocks.kind,
    nullif(split_part(coalesce(listed.element, clicked.element), '.', 2), ''),
    opened.view_count,
    opened.visit_count,
    coalesce(clicked.click_count, 0),
    coalesce(clicked.visit_count, 0),
    coalesce(clicked.rage_count, 0),
    coalesce(clicked.dead_count, 0),
    round(coalesce(clicked.visit_count, 0)::numeric / nullif(opened.visit_count, 0), 6),
    report.wilson_low(coalesce(clicked.visit_count, 0), opened.visit_count),
    report.wilson_high(coalesce(clicked.visit_count, 0), opened.visit_count),
    round(clicked.click_count / nullif(sum(clicked.click_count) over (), 0), 6),
    round(clicked.rage_count::numeric / nullif(clicked.click_count, 0), 6),
    round(clicked.dead_count::numeric / nullif(clicked.click_count, 0), 6)
  from listed
  full join clicked
    on clicked.element = listed.element
  left join blocks
    on blocks.code = split_part(coalesce(listed.element, clicked.element), '.', 1)
  cross join opened
  order by coalesce(clicked.click_count, 0) desc, listed.position, clicked.element;
end;

comment on function ops.click_elements(bigint, date, date, text, text, text) is
  'One row per element of a version of a page, the most clicked first: clicks, visits that clicked it, and of the visits of the page
which share that is with its interval (Wilson, 95 %); clicks in anger and without effect per click. A visit is of one day.';
