create function ops.page_standing(page_id bigint)
returns table (code text, kind text, visits bigint, clicks bigint)
language sql
stable
begin atomic
  select
    pages.code,
    pages.kind,
    coalesce((
      select sum(page_day.visit_count)
      from app.page_versions
      inner join app.page_day
        on page_day.page_version_id = page_versions.id
      cross join base.programme
      where page_versions.page_id = pages.id
        and page_day.day > programme.today_on - 28
    ), 0)::bigint,
    coalesce((
      select sum(elem_day.click_count)
      from app.page_versions
      inner join app.elem_day
        on elem_day.page_version_id = page_versions.id
      cross join base.programme
      where page_versions.page_id = pages.id
        and elem_day.day > programme.today_on - 28
    ), 0)::bigint
  from app.pages
  where pages.id = page_standing.page_id;
end;

comment on function ops.page_standing(bigint) is 'Visits and clicks of a page, all of its versions, in the last 28 days.';
