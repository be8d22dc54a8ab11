create view report.element_path_days as

select
  elem_path_day.day as visited_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  elem_path_day.device_class,
  first_elements.element as first_element,
  elem_path_day.step,
  from_elements.element as from_element,
  from_elements.label as from_label,
  from_elements.label_en as from_label_en,
  to_elements.element as to_element,
  to_elements.label as to_label,
  to_elements.label_en as to_label_en,
  elem_path_day.visit_count
from app.elem_path_day
inner join app.page_versions
  on page_versions.id = elem_path_day.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id
left join base.page_elements as first_elements
  on first_elements.id = elem_path_day.first_element_id
left join base.page_elements as from_elements
  on from_elements.id = elem_path_day.from_element_id
left join base.page_elements as to_elements
  on to_elements.id = elem_path_day.to_element_id;

comment on view report.element_path_days is
  '点击路径 / Paths of clicks
One row per programme day that is over, version of a page, class of device, first click, step and pair of elements. The same element again counts once.';

comment on column report.element_path_days.visited_on is
  '日期 / Day
Programme day.';

comment on column report.element_path_days.page_code is
  '页面 / Page
Code of the page.';

comment on column report.element_path_days.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.element_path_days.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.element_path_days.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.element_path_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.element_path_days.first_element is
  '首个点击 / First click
What the visit clicked first; empty: nothing.';

comment on column report.element_path_days.step is
  '步骤 / Step
Which of the visit it leaves, from 1, the opening, to 5; 6: the end of a visit of more steps, after its last click.';

comment on column report.element_path_days.from_element is
  '来自元素 / From element
Empty: the page was opened.';

comment on column report.element_path_days.from_label is
  '来自元素名称 / From element by name
As the page names it in Chinese, else the element.';

comment on column report.element_path_days.from_label_en is
  '来自元素英文名称 / From element by name in English
As the page names it in English, else the element.';

comment on column report.element_path_days.to_element is
  '前往元素 / To element
Empty: nothing more was clicked.';

comment on column report.element_path_days.to_label is
  '前往元素名称 / To element by name
As the page names it in Chinese, else the element.';

comment on column report.element_path_days.to_label_en is
  '前往元素英文名称 / To element by name in English
As the page names it in English, else the element.';

comment on column report.element_path_days.visit_count is
  '访问 / Visits
Tabs that went this way that day.';
