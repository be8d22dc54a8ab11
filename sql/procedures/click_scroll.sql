create function ops.click_scroll(
  version bigint, from_on date, until_on date, device text, segment text, tier text
)
returns table (depth_tenths integer, visit_count bigint, measured_count bigint, reach_rate numeric, reach_low numeric, reach_high numeric)
language sql
stable
begin atomic
  with raw as materialized (
    select
      seen.device_class,
      max(seen.y) as y
    from ops.click_raw(version, from_on, until_on, device, segment, tier) as seen
    where (segment is not null or tier is not null)
      and seen.kind = 'scroll'
    group by seen.day, seen.visit_id, seen.device_class
  ),

  deepest as (
    select
      scroll_day.depth_tenths,
      sum(scroll_day.visit_count) as visit_count
    from app.scroll_day
    where segment is null
      and tier is null
      and scroll_day.page_version_id = version
      and scroll_day.day >= from_on
      and scroll_day.day < until_on
      and (click_scroll.device is null or scroll_day.device_class = click_scroll.device)
    group by scroll_day.depth_tenths
    union all
    select
      case when raw.y = 9999 then 10 else raw.y / 1000 end,
      count(*)
    from raw
    group by 1
  ),

  reached as (
    select
      depths.depth_tenths,
      coalesce(sum(deepest.visit_count) filter (where deepest.depth_tenths >= depths.depth_tenths), 0)::bigint as visit_count,
      coalesce(sum(deepest.visit_count), 0)::bigint as measured_count
    from generate_series(0, 10) as depths (depth_tenths)
    left join deepest
      on true
    group by depths.depth_tenths
  )

  select
    reached.depth_tenths,
    reached.visit_count,
    reached.measured_count,
    round(reached.visit_count::numeric / nullif(reached.measured_count, 0), 6),
    report.wilson_low(reached.visit_count, reached.measured_count),
    report.wilson_high(reached.visit_count, reached.measured_count)
  from reached
  order by reached.depth_tenths;
end;

comment on function ops.click_scroll(bigint, date, date, text, text, text) is
  'Eleven rows: how many of the visits whose scrolling was measured came to see so many tenths of a version of a page, 10 to its end,
and which share that is with its interval (Wilson, 95 %).';
