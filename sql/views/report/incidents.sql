create view report.incidents as

with failed_jobs as (
  select distinct on (job_runs.job)
    job_runs.job,
    job_runs.state,
    job_runs.started_at,
    job_runs.error
  from app.job_runs
  where job_runs.started_at >= now() - interval '30 days'
    and job_runs.state in ('done', 'failed')
  order by job_runs.job, job_runs.started_at desc, job_runs.id desc
)

select
  'campaign_stopped' as kind,
  campaign_stops.stopped_at as happened_at,
  campaigns.name,
  campaigns.name_en,
  'campaigns' as resource,
  campaigns.id as record_id
from app.campaign_stops
inner join app.campaigns
  on campaigns.id = campaign_stops.campaign_id
where campaign_stops.resumed_at is null

union all

select
  'job_failed',
  failed_jobs.started_at,
  failed_jobs.job,
  failed_jobs.job,
  'job_runs',
  null
from failed_jobs
where failed_jobs.state = 'failed'

union all

select
  'webhook_failed',
  max(webhook_deliveries.recorded_at),
  webhook_endpoints.name,
  webhook_endpoints.name,
  'webhook_endpoints',
  webhook_endpoints.id
from app.webhook_endpoints
inner join app.webhook_deliveries
  on webhook_deliveries.endpoint_id = webhook_endpoints.id
where webhook_deliveries.state = 'failed'
  and webhook_deliveries.recorded_at >= now() - interval '1 day'
group by webhook_endpoints.id

union all

select
  'noted',
  metric_events.starts_on::timestamp at time zone programme.time_zone,
  metric_events.name,
  metric_events.name_en,
  'metric_events',
  metric_events.id
from app.metric_events
cross join base.programme
where metric_events.kind = 'incident'
  and metric_events.starts_on <= programme.today_on
  and coalesce(metric_events.ends_on, metric_events.starts_on) >= programme.today_on - 1;

comment on view report.incidents is
  '未解决的异常 / Incidents
One row per thing that went wrong and still is: a campaign without budget, a job whose last run failed, an endpoint that did not take what it was told since yesterday, an incident that somebody noted of yesterday or today.';
comment on column report.incidents.kind is
  '类型 / Kind
campaign_stopped, job_failed, webhook_failed or noted.';
comment on column report.incidents.happened_at is
  '发生时间 / Since
When it began, or was last seen.';
comment on column report.incidents.name is
  '名称 / Name
What it is about, Chinese.';
comment on column report.incidents.name_en is
  '名称（英文） / Name (English)
What it is about, English.';
comment on column report.incidents.resource is
  '所在页面 / Resource
Name of the screen that shows it.';
comment on column report.incidents.record_id is
  '记录编号 / Record
Number of the record; empty: the list.';
