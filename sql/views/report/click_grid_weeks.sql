create view report.click_grid_weeks as

select
  grid_week.week_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  grid_week.device_class,
  page_elements.element,
  page_elements.label as element_label,
  page_elements.label_en as element_label_en,
  grid_week.grid_x,
  grid_week.grid_y,
  grid_week.click_count,
  grid_week.visit_count,
  grid_week.rage_count,
  grid_week.dead_count
from app.grid_week
inner join base.page_elements
  on page_elements.id = grid_week.element_id
inner join app.page_versions
  on page_versions.id = grid_week.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id
where grid_week.visit_count >= 3;

comment on view report.click_grid_weeks is
  '元素内点击分布 / Clicks within elements by week
One row per week that is over, version of a page, class of device, element and twentieth of its width and height. Those of fewer than 3 visits are left out.';

comment on column report.click_grid_weeks.week_on is
  '周 / Week
Its Monday.';

comment on column report.click_grid_weeks.page_code is
  '页面 / Page
Code of the page.';

comment on column report.click_grid_weeks.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.click_grid_weeks.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.click_grid_weeks.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.click_grid_weeks.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.click_grid_weeks.element is
  '元素 / Element
Its data-hm, or where it stands in the page.';

comment on column report.click_grid_weeks.element_label is
  '元素名称 / Element by name
As the page names it in Chinese, else the element.';

comment on column report.click_grid_weeks.element_label_en is
  '元素英文名称 / Element by name in English
As the page names it in English, else the element.';

comment on column report.click_grid_weeks.grid_x is
  '横向位置 / Across
Twentieths of the width of the element, from 0 at its left edge.';

comment on column report.click_grid_weeks.grid_y is
  '纵向位置 / Down
Twentieths of the height of the element, from 0 at its upper edge.';

comment on column report.click_grid_weeks.click_count is
  '点击 / Clicks
Clicks there.';

comment on column report.click_grid_weeks.visit_count is
  '点击访问 / Visits that clicked
Tabs that clicked there in the week.';

comment on column report.click_grid_weeks.rage_count is
  '愤怒点击 / Rage clicks
Three clicks within 30 pixels and a second.';

comment on column report.click_grid_weeks.dead_count is
  '无效点击 / Dead clicks
Clicks after which nothing changed for 2.5 seconds.';
