create view report.freshness as

with seen as (
  select
    'orders' as source,
    '订单' as name,
    'Orders' as name_en,
    (
      select orders.created_at
      from app.orders
      order by orders.id desc
      limit 1
    ) as latest_at,
    programme.last_fact_on as latest_on
  from base.programme

  union all

  select
    'events',
    '行为事件',
    'Events',
    latest.created_at,
    latest.occurred_on
  from (values (1)) as one (one)
  left join lateral (
    select
      events.created_at,
      events.occurred_on
    from app.events
    order by events.id desc
    limit 1
  ) as latest
    on true

  union all

  select
    'segments',
    '客群',
    'Segments',
    max(segment_snapshots.computed_at),
    max(segment_snapshots.as_of_on)
  from app.segment_snapshots

  union all

  select
    'scores',
    'RFM 评分',
    'RFM scores',
    null,
    max(rfm_snapshots.as_of_on)
  from app.rfm_snapshots

  union all

  select
    'engine',
    '积分与等级',
    'Points and tiers',
    waiting.arrived_at,
    (coalesce(waiting.arrived_at, now()) at time zone programme.time_zone)::date
  from base.programme
  left join lateral (
    select inbox.arrived_at
    from app.inbox
    where inbox.waits_until_at is null
      or inbox.waits_until_at <= now()
    order by inbox.id
    limit 1
  ) as waiting
    on true
)

select
  seen.source,
  seen.name,
  seen.name_en,
  seen.latest_at,
  seen.latest_on,
  programme.today_on - seen.latest_on as days_behind,
  case
    when seen.latest_on is null then 'none'
    when seen.latest_on < programme.today_on - 1 then 'late'
    else 'fresh'
  end as status
from seen
cross join base.programme;

comment on view report.freshness is
  '数据新鲜度 / How fresh the data are
One row per source of figures: orders and events that came in, and what is worked out from them.';
comment on column report.freshness.source is
  '来源 / Source
orders, events, segments, scores or engine.';
comment on column report.freshness.name is
  '名称 / Name
What it is called, Chinese.';
comment on column report.freshness.name_en is
  '名称（英文） / Name (English)
What it is called, English.';
comment on column report.freshness.latest_at is
  '最近到达 / Latest at
When the latest came in or was worked out; of the engine: since when the oldest fact waits, empty when none does.';
comment on column report.freshness.latest_on is
  '数据截至 / Latest day
The latest day that there is.';
comment on column report.freshness.days_behind is
  '落后天数 / Days behind
Days between it and today.';
comment on column report.freshness.status is
  '状态 / Status
fresh: yesterday or later; late: earlier; none: nothing yet.';
