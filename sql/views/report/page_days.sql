create view report.page_days as

select
  page_day.day as seen_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  page_day.device_class,
  page_day.view_count,
  page_day.visit_count,
  page_day.bot_view_count
from app.page_day
inner join app.page_versions
  on page_versions.id = page_day.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id;

comment on view report.page_days is
  '页面每日浏览 / Page views by day
One row per programme day, version of a page and class of device. Bots are left out of views and visits.';

comment on column report.page_days.seen_on is
  '日期 / Day
Programme day.';

comment on column report.page_days.page_code is
  '页面 / Page
Code of the page.';

comment on column report.page_days.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.page_days.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.page_days.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.page_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.page_days.view_count is
  '浏览 / Views
How often the page was opened.';

comment on column report.page_days.visit_count is
  '访问 / Visits
Tabs in which it was opened that day.';

comment on column report.page_days.bot_view_count is
  '机器人浏览 / Views by bots
Left out of all other figures.';
