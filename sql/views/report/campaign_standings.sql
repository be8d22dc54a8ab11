create view report.campaign_standings as

select
  campaigns.id as campaign_id,
  campaigns.code as campaign_code,
  campaigns.name as campaign_name,
  campaigns.name_en as campaign_name_en,
  campaigns.starts_on,
  campaigns.ends_on,
  campaigns.repeat as repeat_kind,
  campaigns.goal_metric,
  coalesce(campaigns.goal_rate, campaigns.goal_value) as goal,
  budgets.code as budget_code,
  budgets.name as budget_name,
  budgets.name_en as budget_name_en,
  stops.stopped_at,
  campaigns.status as campaign_status,
  case when campaigns.repeat is null then campaigns.ends_on else campaigns.repeat_until end as over_on
from app.campaigns
left join app.budgets
  on budgets.id = campaigns.budget_id
left join lateral (
  select campaign_stops.stopped_at
  from app.campaign_stops
  where campaign_stops.campaign_id = campaigns.id
    and campaign_stops.resumed_at is null
  order by campaign_stops.stopped_at desc
  limit 1
) as stops
  on true
where campaigns.status in ('running', 'stopped', 'ended', 'reviewed');

comment on view report.campaign_standings is
  '进行中和结束的活动 / Campaigns that run or ran
One row per campaign that runs, was stopped or is over, with what it is to reach and whether it stands still.';
comment on column report.campaign_standings.campaign_id is
  '活动编号 / Campaign id
Number of the campaign.';
comment on column report.campaign_standings.campaign_code is
  '活动编码 / Campaign code
Code of the campaign.';
comment on column report.campaign_standings.campaign_name is
  '活动 / Campaign
Name, Chinese.';
comment on column report.campaign_standings.campaign_name_en is
  '活动（英文） / Campaign (English)
Name, English.';
comment on column report.campaign_standings.starts_on is
  '开始日期 / From
First day of its first time.';
comment on column report.campaign_standings.ends_on is
  '结束日期 / Until
Last day of its first time; empty: as long as it repeats.';
comment on column report.campaign_standings.repeat_kind is
  '重复 / Repeats
week, month, quarter or year; empty: not.';
comment on column report.campaign_standings.goal_metric is
  '目标指标 / Goal metric
Code of the metric that it is to move; empty: none.';
comment on column report.campaign_standings.goal is
  '目标值 / Goal
What the metric is to be; rates as 0.35.';
comment on column report.campaign_standings.budget_code is
  '预算编码 / Budget code
Code of the budget that pays for it.';
comment on column report.campaign_standings.budget_name is
  '预算 / Budget
Its name, Chinese.';
comment on column report.campaign_standings.budget_name_en is
  '预算（英文） / Budget (English)
Its name, English.';
comment on column report.campaign_standings.stopped_at is
  '停止时间 / Stopped at
Since when it stands still because its budget has no room; empty: it runs.';
comment on column report.campaign_standings.campaign_status is
  '状态 / Status
running, stopped, ended or reviewed.';
comment on column report.campaign_standings.over_on is
  '最后一天 / Last day
Of the whole campaign, repetitions included; empty: open.';
