create view report.page_path_days as

select
  page_path_day.day as visited_on,
  page_path_day.device_class,
  first_pages.code as first_page_code,
  page_path_day.step,
  pages.code as from_page_code,
  pages.name as from_page_name,
  pages.name_en as from_page_name_en,
  next_pages.code as to_page_code,
  next_pages.name as to_page_name,
  next_pages.name_en as to_page_name_en,
  page_path_day.visit_count
from app.page_path_day
inner join app.pages
  on pages.id = page_path_day.from_page_id
left join app.pages as first_pages
  on first_pages.id = page_path_day.first_page_id
left join app.pages as next_pages
  on next_pages.id = page_path_day.to_page_id;

comment on view report.page_path_days is
  '页面路径 / Paths between pages
One row per programme day that is over, class of device, first page, step and pair of pages. The same page again counts once.';

comment on column report.page_path_days.visited_on is
  '日期 / Day
Programme day.';

comment on column report.page_path_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.page_path_days.first_page_code is
  '首个页面 / First page
Code of the page that the visit opened first.';

comment on column report.page_path_days.step is
  '步骤 / Step
Which page of the visit it leaves, from 1 to 5; 6: the end of a visit of more steps, on its last page.';

comment on column report.page_path_days.from_page_code is
  '来自页面 / From page
Code of the page.';

comment on column report.page_path_days.from_page_name is
  '来自页面名称 / From page by name
Its name in Chinese.';

comment on column report.page_path_days.from_page_name_en is
  '来自页面英文名称 / From page by name in English
Its name in English.';

comment on column report.page_path_days.to_page_code is
  '前往页面 / To page
Code of the next page; empty where the visit ended.';

comment on column report.page_path_days.to_page_name is
  '前往页面名称 / To page by name
Its name in Chinese.';

comment on column report.page_path_days.to_page_name_en is
  '前往页面英文名称 / To page by name in English
Its name in English.';

comment on column report.page_path_days.visit_count is
  '访问 / Visits
Tabs that went this way that day.';
