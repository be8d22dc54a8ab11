create view report.element_days as

select
  elem_day.day as clicked_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  elem_day.device_class,
  page_elements.element,
  page_elements.label as element_label,
  page_elements.label_en as element_label_en,
  coalesce(page_day.view_count, 0) as view_count,
  coalesce(page_day.visit_count, 0) as page_visit_count,
  elem_day.click_count,
  elem_day.visit_count,
  elem_day.rage_count,
  elem_day.dead_count
from app.elem_day
inner join base.page_elements
  on page_elements.id = elem_day.element_id
inner join app.page_versions
  on page_versions.id = elem_day.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id
left join app.page_day
  on page_day.page_version_id = elem_day.page_version_id
  and page_day.day = elem_day.day
  and page_day.device_class = elem_day.device_class;

comment on view report.element_days is
  '页面元素每日点击 / Clicks by element and day
One row per programme day, version of a page, class of device and element that was clicked. Bots are left out.';

comment on column report.element_days.clicked_on is
  '日期 / Day
Programme day.';

comment on column report.element_days.page_code is
  '页面 / Page
Code of the page.';

comment on column report.element_days.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.element_days.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.element_days.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.element_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.element_days.element is
  '元素 / Element
Its data-hm, or where it stands in the page.';

comment on column report.element_days.element_label is
  '元素名称 / Element by name
As the page names it in Chinese, else the element.';

comment on column report.element_days.element_label_en is
  '元素英文名称 / Element by name in English
As the page names it in English, else the element.';

comment on column report.element_days.view_count is
  '页面浏览 / Views of the page
How often the version was opened that day on such a device; the same in every row of it.';

comment on column report.element_days.page_visit_count is
  '页面访问 / Visits of the page
Tabs in which the version was opened that day; the same in every row of it.';

comment on column report.element_days.click_count is
  '点击 / Clicks
Clicks on the element.';

comment on column report.element_days.visit_count is
  '点击访问 / Visits that clicked
Tabs in which it was clicked that day.';

comment on column report.element_days.rage_count is
  '愤怒点击 / Rage clicks
Three clicks within 30 pixels and a second.';

comment on column report.element_days.dead_count is
  '无效点击 / Dead clicks
Clicks after which nothing changed for 2.5 seconds.';
