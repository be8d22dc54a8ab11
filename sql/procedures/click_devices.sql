create function ops.click_devices(version bigint, from_on date, until_on date, segment text, tier text)
returns table (
  device_class text, view_count bigint, visit_count bigint, click_count bigint, rage_count bigint, dead_count bigint,
  known_count bigint, visit_share numeric
)
language sql
stable
begin atomic
  with raw as materialized (
    select
      seen.day,
      seen.visit_id,
      seen.customer_id,
      seen.device_class,
      seen.kind
    from ops.click_raw(version, from_on, until_on, null, segment, tier) as seen
    where segment is not null
      or tier is not null
  ),

  counted as (
    select
      page_day.device_class,
      sum(page_day.view_count) as view_count,
      sum(page_day.visit_count) as visit_count,
      0 as click_count,
      0 as rage_count,
      0 as dead_count,
      null::bigint as known_count
    from app.page_day
    where segment is null
      and tier is null
      and page_day.page_version_id = version
      and page_day.day >= from_on
      and page_day.day < until_on
    group by page_day.device_class
    union all
    select
      elem_day.device_class,
      0,
      0,
      sum(elem_day.click_count),
      sum(elem_day.rage_count),
      sum(elem_day.dead_count),
      null
    from app.elem_day
    where segment is null
      and tier is null
      and elem_day.page_version_id = version
      and elem_day.day >= from_on
      and elem_day.day < until_on
    group by elem_day.device_class
    union all
    select
      raw.device_class,
      count(*) filter (where raw.kind = 'view'),
      count(distinct (raw.day, raw.visit_id)) filter (where raw.kind = 'view'),
      count(*) filter (where raw.kind = 'click'),
      count(*) filter (where raw.kind = 'rage'),
      count(*) filter (where raw.kind = 'dead'),
      count(distinct raw.customer_id)
    from raw
    group by raw.device_class
  ),

  summed as (
    select
      counted.device_class,
      sum(counted.view_count)::bigint as view_count,
      sum(counted.visit_count)::bigint as visit_count,
      sum(counted.click_count)::bigint as click_count,
      sum(counted.rage_count)::bigint as rage_count,
      sum(counted.dead_count)::bigint as dead_count,
      sum(counted.known_count)::bigint as known_count
    from counted
    group by counted.device_class
  )

  select
    summed.device_class,
    summed.view_count,
    summed.visit_count,
    summed.click_count,
    summed.rage_count,
    summed.dead_count,
    summed.known_count,
    round(summed.visit_count / nullif(sum(summed.visit_count) over (), 0), 6)
  from summed
  order by array_position(array['phone', 'tablet', 'desktop'], summed.device_class);
end;

comment on function ops.click_devices(bigint, date, date, text, text) is
  'Views, visits and clicks of a version of a page by class of device, and how many customers are known among them where they are
asked for by segment or tier; then from single events, as of ops.click_raw, else from the days.';
