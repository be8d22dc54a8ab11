create view report.page_path_days as

select
  page_path_day.day as visited_on,
  page_path_day.device_class,
  page_path_day.step,
  pages.code as from_page_code,
  next_pages.code as to_page_code,
  page_path_day.visit_count
from app.page_path_day
inner join app.pages
  on pages.id = page_path_day.from_page_id
left join app.pages as next_pages
  on next_pages.id = page_path_day.to_page_id;

comment on view report.page_path_days is
  '页面路径 / Paths between pages
One row per programme day that is over, class of device, step and pair of pages. The same page again counts once.';

comment on column report.page_path_days.visited_on is
  '日期 / Day
Programme day.';

comment on column report.page_path_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.page_path_days.step is
  '步骤 / Step
Which page of the visit it leaves, from 1; five at most.';

comment on column report.page_path_days.from_page_code is
  '来自页面 / From page
Code of the page.';

comment on column report.page_path_days.to_page_code is
  '前往页面 / To page
Code of the next page; empty where the visit ended.';

comment on column report.page_path_days.visit_count is
  '访问 / Visits
Tabs that went this way that day.';
