create view report.segment_spend_months as

with months as (
  -- As report.segment_order_months has them.
  select
    computed.rule_set_id,
    each_month::date as month_on
  from (
    select
      segment_snapshots.rule_set_id,
      min(segment_snapshots.as_of_on) as first_on,
      max(segment_snapshots.as_of_on) as last_on
    from app.segment_snapshots
    where segment_snapshots.computed_at is not null
    group by segment_snapshots.rule_set_id
  ) as computed
  cross join generate_series(
    date_trunc('month', (computed.first_on - 1)::timestamp) + interval '1 month',
    computed.last_on::timestamp,
    interval '1 month'
  ) as each_month
)

select
  months.month_on,
  segments.rule_set_code,
  segments.segment_code,
  spent.order_count,
  spent.gross_amount,
  spent.net_amount
from months
cross join lateral (
  select
    segment_memberships.segment_code,
    count(*) as order_count,
    sum(orders.amount) as gross_amount,
    sum(orders.amount - orders.returned_amount) as net_amount
  from app.orders
  inner join app.segment_memberships
    on segment_memberships.customer_id = orders.customer_id
    and segment_memberships.rule_set_id = months.rule_set_id
    and segment_memberships.entered_on <= months.month_on
    and (segment_memberships.left_on > months.month_on or segment_memberships.left_on is null)
  where orders.placed_on >= months.month_on
    and orders.placed_on < (months.month_on + interval '1 month')::date
    and orders.status <> 'cancelled'
  group by segment_memberships.segment_code
) as spent
inner join base.segments
  on segments.rule_set_id = months.rule_set_id
  and segments.segment_code = spent.segment_code;

comment on view report.segment_spend_months is
  '客群每月消费 / What segments spent, by month
One row per rule set, segment and calendar month with orders of those who were in the segment on its first day. Costs the orders of the months that are asked for.';
comment on column report.segment_spend_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.segment_spend_months.rule_set_code is
  '分群规则编码 / Rule set code
By which programs know the rule set.';
comment on column report.segment_spend_months.segment_code is
  '客群编码 / Segment code
By which programs know the segment.';
comment on column report.segment_spend_months.order_count is
  '订单数 / Orders
Orders placed in the month, cancelled ones left out.';
comment on column report.segment_spend_months.gross_amount is
  '订单金额 / Order value
Value of these orders after discount.';
comment on column report.segment_spend_months.net_amount is
  '净销售额 / Net sales
Less what came back of them, whenever that was.';
