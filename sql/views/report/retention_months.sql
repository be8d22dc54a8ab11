create view report.retention_months as

select
  months.starts_on as month_on,
  coalesce(earlier.buyer_count, 0) as earlier_buyer_count,
  months.retained_buyer_count as retained_count,
  coalesce(earlier.buyer_count, 0) - months.retained_buyer_count as lost_count
from app.order_period as months
left join app.order_period as earlier
  on earlier.grain = 'month'
  and earlier.starts_on = (months.starts_on - interval '1 month')::date
where months.grain = 'month';

comment on view report.retention_months is
  '每月留存 / Retention by month
One row per calendar month with facts: who bought in the month before, and how many of them bought again in this one.';

comment on column report.retention_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.retention_months.earlier_buyer_count is
  '上月下单客户 / Buyers of the month before
Known customers with an order in the month before.';
comment on column report.retention_months.retained_count is
  '留存客户 / Retained
Of these, how many ordered again in this month.';
comment on column report.retention_months.lost_count is
  '流失客户 / Lost
Of these, how many did not; while the month goes on they still may.';
