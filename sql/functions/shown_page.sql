create function report.shown_page(page text, from_on date, to_on date)
returns text
language sql
stable
begin atomic
  select coalesce(
    shown_page.page,
    (
      select page_days.page_code
      from report.page_days
      where page_days.seen_on >= shown_page.from_on
        and page_days.seen_on < shown_page.to_on
      group by page_days.page_code
      order by sum(page_days.visit_count) desc, page_days.page_code
      limit 1
    )
  );
end;

comment on function report.shown_page(text, date, date) is
  'The page that was asked for, else the one most visited
The code of the page that a report of one page shows: the one given or, of none, that with the most visits from from_on until before to_on; null where there were none.';
