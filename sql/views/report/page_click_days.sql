create view report.page_click_days as

with counted as (
  select
    elem_path_day.page_version_id,
    elem_path_day.day,
    elem_path_day.device_class,
    elem_path_day.visit_count,
    case when elem_path_day.to_element_id <> 0 then elem_path_day.visit_count else 0 end as clicking_visit_count,
    0 as click_count,
    0 as rage_count,
    0 as dead_count
  from app.elem_path_day
  where elem_path_day.step = 1
  union all
  select
    elem_day.page_version_id,
    elem_day.day,
    elem_day.device_class,
    0,
    0,
    elem_day.click_count,
    elem_day.rage_count,
    elem_day.dead_count
  from app.elem_day
)

select
  counted.day as seen_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  page_versions.number as version_number,
  counted.device_class,
  campaigns.code as campaign_code,
  campaigns.name as campaign_name,
  campaigns.name_en as campaign_name_en,
  sum(counted.visit_count)::bigint as visit_count,
  sum(counted.clicking_visit_count)::bigint as clicking_visit_count,
  sum(counted.click_count)::bigint as click_count,
  sum(counted.rage_count)::bigint as rage_count,
  sum(counted.dead_count)::bigint as dead_count
from counted
inner join app.page_versions
  on page_versions.id = counted.page_version_id
inner join app.pages
  on pages.id = page_versions.page_id
left join app.campaigns
  on campaigns.id = pages.campaign_id
group by counted.day, page_versions.id, pages.id, counted.device_class, campaigns.id;

comment on view report.page_click_days is
  '页面每日点击 / Clicks of pages by day
One row per programme day, version of a page and class of device. Visits are there once the day is over; bots are left out.';

comment on column report.page_click_days.seen_on is
  '日期 / Day
Programme day.';

comment on column report.page_click_days.page_code is
  '页面 / Page
Code of the page.';

comment on column report.page_click_days.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.page_click_days.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.page_click_days.version_number is
  '版本 / Version
Number of the version of the page.';

comment on column report.page_click_days.device_class is
  '设备 / Device
phone: narrower than 600 CSS pixels, tablet: than 1024, else desktop.';

comment on column report.page_click_days.campaign_code is
  '活动 / Campaign
Code of the campaign that the page belongs to; empty: none.';

comment on column report.page_click_days.campaign_name is
  '活动名称 / Campaign name
Its name in Chinese.';

comment on column report.page_click_days.campaign_name_en is
  '活动英文名称 / Campaign name in English
Its name in English.';

comment on column report.page_click_days.visit_count is
  '访问 / Visits
Tabs in which the version was open that day.';

comment on column report.page_click_days.clicking_visit_count is
  '有点击的访问 / Visits with a click
Of these, those in which anything was clicked.';

comment on column report.page_click_days.click_count is
  '点击 / Clicks
Clicks on it.';

comment on column report.page_click_days.rage_count is
  '愤怒点击 / Rage clicks
Three clicks within 30 pixels and a second.';

comment on column report.page_click_days.dead_count is
  '无效点击 / Dead clicks
Clicks after which nothing changed for 2.5 seconds.';
