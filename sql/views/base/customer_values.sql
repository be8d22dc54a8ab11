create view base.customer_values as

with latest as (
  select value_models.mean_order_value
  from app.value_models
  order by value_models.as_of_on desc
  limit 1
),

ranked as (
  select
    customer_values.customer_id,
    customer_values.as_of_on,
    customer_values.repeats,
    customer_values.last_order_on,
    customer_values.usual_gap_days,
    customer_values.alive_rate,
    customer_values.expected_orders,
    customer_values.order_value,
    customer_values.expected_amount,
    customer_values.as_of_on - customer_values.last_order_on as quiet_days
  from app.customer_values
),

judged as (
  select
    ranked.*,
    -- The model takes whoever bought once as still there for good: of them the silence itself is asked.
    case
      when ranked.repeats > 0 and ranked.alive_rate < 0.4 then 'high'
      when ranked.repeats > 0 and ranked.alive_rate < 0.7 then 'medium'
      when ranked.repeats = 0 and ranked.quiet_days > 3 * ranked.usual_gap_days then 'high'
      when ranked.repeats = 0 and ranked.quiet_days > 1.5 * ranked.usual_gap_days then 'medium'
      else 'low'
    end as churn_risk
  from ranked
)

select
  judged.customer_id as id,
  judged.customer_id,
  judged.as_of_on,
  judged.repeats,
  judged.last_order_on,
  judged.quiet_days,
  judged.usual_gap_days,
  judged.alive_rate,
  judged.expected_orders,
  judged.order_value,
  judged.expected_amount,
  judged.churn_risk,
  case
    when judged.churn_risk = 'low' then 'in_rhythm'
    when judged.repeats = 0 then 'one_order'
    else 'longer_than_usual'
  end as churn_reason,
  case
    when judged.churn_risk = 'low' then 'none'
    when judged.order_value * (judged.repeats + 1) >= 4 * latest.mean_order_value then 'contact'
    when judged.churn_risk = 'high' then 'coupon'
    else 'message'
  end as suggested_action
from judged
left join latest
  on true;

comment on view base.customer_values is
  'Customer value
One row per customer with an order: the twelve months that are expected of them, whether they still buy, and what to do about it.';
