create view report.forecast_models as

select
  forecast_models.measure,
  forecast_models.as_of_on,
  forecast_models.fitted_days,
  forecast_models.checked_days,
  forecast_models.error_rate,
  forecast_models.naive_error_rate,
  forecast_models.inside_rate
from app.forecast_models;

comment on view report.forecast_models is
  '预测模型 / Forecast models
One row per figure and day on which it was forecast: how far earlier models were off.';

comment on column report.forecast_models.measure is
  '预测指标 / Figure
orders or revenue_gross.';
comment on column report.forecast_models.as_of_on is
  '计算日期 / As of
Days strictly before this one were known.';
comment on column report.forecast_models.fitted_days is
  '拟合天数 / Days of history
Days that the model was fitted on.';
comment on column report.forecast_models.checked_days is
  '检验天数 / Days of the check
Days that models fitted before them were asked about; 0 while the history is too short.';
comment on column report.forecast_models.error_rate is
  '平均误差 / Mean error
Mean absolute error of these days as a share of the day (MAPE).';
comment on column report.forecast_models.naive_error_rate is
  '照搬上周的误差 / Error of repeating a week
The same of saying what the week before had brought.';
comment on column report.forecast_models.inside_rate is
  '区间命中率 / Within the band
Share of these days that lay within the band; 95% is meant.';
