create view base.programme as

with settings as (
  select
    settings.time_zone,
    settings.currency,
    (now() at time zone settings.time_zone)::date as today_on
  from app.settings
),

watermark as (
  select max(order_day.day) as last_fact_on
  from app.order_day
)

select
  settings.time_zone,
  settings.currency,
  settings.today_on,
  watermark.last_fact_on,
  least(settings.today_on, watermark.last_fact_on + 1) as observed_until
from settings
cross join watermark;

comment on view base.programme is
  'The programme and how far its facts reach
One row. observed_until is the first day that has not been observed whole: the day after the last one with facts, never later than today. What needs time to happen (a second order within 30 days) is judged by it, so that a feed that stopped does not make rates fall.';
