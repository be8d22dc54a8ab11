create view report.calendar_events as

select
  'event:' || metric_events.id as event_key,
  metric_events.kind as event_kind,
  metric_events.name as event_name,
  metric_events.name_en as event_name_en,
  metric_events.starts_on,
  metric_events.ends_on,
  metric_events.metrics
from app.metric_events

union all

select
  'campaign:' || campaigns.id as event_key,
  'campaign' as event_kind,
  campaigns.name as event_name,
  campaigns.name_en as event_name_en,
  campaigns.starts_on,
  coalesce(campaigns.ends_on, campaigns.starts_on) as ends_on,
  '{}'::text[] as metrics
from app.campaigns
where campaigns.status in ('running', 'ended', 'reviewed')
  -- What comes back every week is no single event.
  and campaigns.repeat is null;

comment on view report.calendar_events is
  '日历事件 / Events on the calendar
One row per event that staff noted and per campaign that began once.';

comment on column report.calendar_events.event_key is
  '事件编号 / Event
What it is and its number.';
comment on column report.calendar_events.event_kind is
  '类型 / Kind
launch, promotion, price, holiday, incident, definition, other or campaign.';
comment on column report.calendar_events.event_name is
  '名称 / Name
Chinese name.';
comment on column report.calendar_events.event_name_en is
  '英文名称 / Name (English)
English name.';
comment on column report.calendar_events.starts_on is
  '开始日期 / From
First day.';
comment on column report.calendar_events.ends_on is
  '结束日期 / Until
Last day; empty: one day, or not over.';
comment on column report.calendar_events.metrics is
  '相关指标 / Metrics
Codes of the metrics it is about; empty: all.';
