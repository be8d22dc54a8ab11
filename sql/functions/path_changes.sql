create function report.path_changes(month_on date)
returns table (
  page_code text,
  place bigint,
  from_label text,
  from_label_en text,
  to_label text,
  to_label_en text,
  before_share numeric,
  share numeric,
  difference numeric,
  difference_low numeric,
  difference_high numeric
)
language sql
stable
begin atomic
  with paths as (
    select
      element_path_days.page_code,
      element_path_days.from_element,
      element_path_days.to_element,
      max(element_path_days.from_label) as from_label,
      max(element_path_days.from_label_en) as from_label_en,
      max(element_path_days.to_label) as to_label,
      max(element_path_days.to_label_en) as to_label_en,
      coalesce(sum(element_path_days.visit_count) filter (where element_path_days.visited_on < path_changes.month_on), 0) as before_count,
      coalesce(sum(element_path_days.visit_count) filter (where element_path_days.visited_on >= path_changes.month_on), 0) as visit_count
    from report.element_path_days
    where element_path_days.visited_on >= (path_changes.month_on - interval '1 month')::date
      and element_path_days.visited_on < (path_changes.month_on + interval '1 month')::date
      and element_path_days.step <= 5
    group by 1, 2, 3
  ),

  froms as (
    select
      paths.*,
      sum(paths.before_count) over starts as before_all,
      sum(paths.visit_count) over starts as all_count
    from paths
    window starts as (partition by paths.page_code, paths.from_element)
  ),

  moved as (
    select
      froms.*,
      round(froms.visit_count / froms.all_count - froms.before_count / froms.before_all, 6) as difference,
      report.newcombe_low(froms.visit_count, froms.all_count, froms.before_count, froms.before_all) as low,
      report.newcombe_high(froms.visit_count, froms.all_count, froms.before_count, froms.before_all) as high
    from froms
    -- Of fewer than thirty nothing can be said.
    where froms.before_all >= 30
      and froms.all_count >= 30
  )

  select
    moved.page_code,
    row_number() over (partition by moved.page_code order by abs(moved.difference) desc, moved.from_element, moved.to_element),
    moved.from_label,
    moved.from_label_en,
    moved.to_label,
    moved.to_label_en,
    round(moved.before_count / moved.before_all, 6),
    round(moved.visit_count / moved.all_count, 6),
    moved.difference,
    moved.low,
    moved.high
  from moved
  where moved.low > 0
    or moved.high < 0
  order by moved.page_code, 2;
end;

comment on function report.path_changes(date) is
  'Paths that are taken more or less than in the month before
One row per page and pair of elements whose share of the clicks that follow the first differs from that of the month before by more than its interval (Newcombe);
place: from the greatest difference of the page. from_label empty: the page was opened; to_label empty: nothing more was clicked.';
