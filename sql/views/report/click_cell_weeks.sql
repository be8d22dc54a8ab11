create view report.click_cell_weeks as

select
  cell_week.week_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  cell_week.device_class,
  page_elements.element,
  page_elements.label as element_label,
  page_elements.label_en as element_label_en,
  cell_week.grid,
  cell_week.cell_x,
  cell_week.cell_y,
  cell_week.click_count,
  cell_week.visit_count,
  cell_week.rage_count,
  cell_week.dead_count
from app.cell_week
inner join base.page_elements
  on page_elements.id = cell_week.element_id
inner join app.page_versions
  on page_versions.id = cell_week.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id
where cell_week.visit_count >= 3;

comment on view report.click_cell_weeks is
  '页面热力格 / Clicks by cell and week
One row per week that is over, version of a page, class of device, element, grid and cell. Cells of fewer than 3 visits are left out.';

comment on column report.click_cell_weeks.week_on is
  '周 / Week
Its Monday.';

comment on column report.click_cell_weeks.page_code is
  '页面 / Page
Code of the page.';

comment on column report.click_cell_weeks.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.click_cell_weeks.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.click_cell_weeks.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.click_cell_weeks.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.click_cell_weeks.element is
  '元素 / Element
Its data-hm, or where it stands in the page.';

comment on column report.click_cell_weeks.element_label is
  '元素名称 / Element by name
As the page names it in Chinese, else the element.';

comment on column report.click_cell_weeks.element_label_en is
  '元素英文名称 / Element by name in English
As the page names it in English, else the element.';

comment on column report.click_cell_weeks.grid is
  '等分 / Grid
Into how many parts each side of the element is cut: 50, 20 or 10. Every click is in one cell of each: name one.';

comment on column report.click_cell_weeks.cell_x is
  '横格 / Column
From 0 at the left edge of the element.';

comment on column report.click_cell_weeks.cell_y is
  '纵格 / Row
From 0 at its upper edge.';

comment on column report.click_cell_weeks.click_count is
  '点击 / Clicks
Clicks in the cell.';

comment on column report.click_cell_weeks.visit_count is
  '点击访问 / Visits that clicked
Tabs that clicked there; one of two days counts twice.';

comment on column report.click_cell_weeks.rage_count is
  '愤怒点击 / Rage clicks
Three clicks within 30 pixels and a second.';

comment on column report.click_cell_weeks.dead_count is
  '无效点击 / Dead clicks
Clicks after which nothing changed for 2.5 seconds.';
