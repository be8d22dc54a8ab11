create view report.value_models as

select
  value_models.as_of_on,
  value_models.customer_count,
  value_models.expected_amount,
  value_models.repeat_count,
  value_models.usual_gap_days,
  value_models.check_days,
  value_models.check_expected,
  value_models.check_actual
from app.value_models;

comment on view report.value_models is
  '价值模型 / Value models
One row per day on which the models of buying and spending were fitted.';

comment on column report.value_models.as_of_on is
  '计算日期 / As of
Orders strictly before this day are known.';
comment on column report.value_models.customer_count is
  '客户数 / Customers
Customers with an order.';
comment on column report.value_models.expected_amount is
  '未来 12 个月价值 / Value of the next 12 months
Of all of them together; empty before they were valued.';
comment on column report.value_models.repeat_count is
  '复购次数 / Repeat orders
Repeat orders of those it was fitted on.';
comment on column report.value_models.usual_gap_days is
  '往常间隔 / Usual gap
Median of the customers'' mean days between orders.';
comment on column report.value_models.check_days is
  '检验天数 / Days of the check
Length of the latest stretch that the model was asked about without knowing it; empty while the history is too short.';
comment on column report.value_models.check_expected is
  '预计复购 / Expected
Repeat orders that a model fitted before that stretch expected in it.';
comment on column report.value_models.check_actual is
  '实际复购 / Actual
Repeat orders that came.';
