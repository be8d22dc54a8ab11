/*---
report: 1
title: [预测误差, Forecast errors]
describe: ["每次预测时，用 4、8、12 周前已知的数据各预测四周，与实际相差的平均比例（MAPE）；“照搬上周”是最简单的对照", "At each forecast, models of what was known 4, 8 and 12 weeks before are asked about four weeks each: the mean error as a share of the day (MAPE), beside that of saying the same as in the week before"]
owner: analytics
params:
  measure: { type: enum, values: [revenue_gross, orders], default: revenue_gross, label: [预测指标, Figure], labels: { revenue_gross: [销售额, Sales], orders: [订单数, Orders] } }
columns:
  as_of_on: { role: time }
  side:     { role: series, label: [口径, Which], labels: { model: [预测模型, The model], naive: [照搬上周, The week before] } }
  error:    { role: measure, metric: forecast_error }
  inside:   { role: measure, metric: forecast_inside }
  days:     { role: weight, metric: forecast_checked_days }
chart: { kind: line, x: as_of_on, y: error, color: side }
limits: { rows: 800, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  forecast_models.as_of_on,
  sides.side,
  sides.error,
  case when sides.side = 'model' then forecast_models.inside_rate end as inside,
  forecast_models.checked_days as days
from report.forecast_models
cross join lateral (
  values ('model', forecast_models.error_rate), ('naive', forecast_models.naive_error_rate)
) as sides (side, error)
where forecast_models.measure = :measure
  and forecast_models.checked_days > 0
order by forecast_models.as_of_on, sides.side
