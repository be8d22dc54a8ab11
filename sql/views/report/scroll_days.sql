create view report.scroll_days as

select
  scroll_day.day as seen_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  scroll_day.device_class,
  scroll_day.depth_tenths,
  scroll_day.visit_count
from app.scroll_day
inner join app.page_versions
  on page_versions.id = scroll_day.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id;

comment on view report.scroll_days is
  '页面每日滚动深度 / Scroll depth by day
One row per programme day, version of a page, class of device and tenths of the page that were seen.';

comment on column report.scroll_days.seen_on is
  '日期 / Day
Programme day.';

comment on column report.scroll_days.page_code is
  '页面 / Page
Code of the page.';

comment on column report.scroll_days.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.scroll_days.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.scroll_days.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.scroll_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.scroll_days.depth_tenths is
  '滚动深度 / Depth
Whole tenths of the page that came into sight; 10: to its end.';

comment on column report.scroll_days.visit_count is
  '访问 / Visits
Tabs that came so far that day, and no further.';
