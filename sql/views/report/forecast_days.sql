create view report.forecast_days as

with latest as (
  select
    forecast_models.measure,
    max(forecast_models.as_of_on) as as_of_on
  from app.forecast_models
  group by forecast_models.measure
)

select
  forecast_days.measure,
  forecast_days.as_of_on,
  forecast_days.as_of_on = latest.as_of_on as latest,
  forecast_days.day,
  forecast_days.expected,
  forecast_days.low,
  forecast_days.high
from app.forecast_days
inner join latest
  on latest.measure = forecast_days.measure;

comment on view report.forecast_days is
  '每日预测 / Forecast by day
One row per figure, day on which it was forecast and day that was forecast.';

comment on column report.forecast_days.measure is
  '预测指标 / Figure
orders or revenue_gross.';
comment on column report.forecast_days.as_of_on is
  '计算日期 / As of
Days strictly before this one were known.';
comment on column report.forecast_days.latest is
  '最近一次 / Latest
Whether this is the latest forecast.';
comment on column report.forecast_days.day is
  '日期 / Date
Programme day.';
comment on column report.forecast_days.expected is
  '预测值 / Expected
What the day is expected to bring.';
comment on column report.forecast_days.low is
  '区间下限 / Lower bound
95 of 100 days should lie above.';
comment on column report.forecast_days.high is
  '区间上限 / Upper bound
95 of 100 days should lie below.';
