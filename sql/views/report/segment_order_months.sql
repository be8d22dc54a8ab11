create view report.segment_order_months as

with months as (
  -- A stay lasts until a computed day says otherwise, so the first of a month need not be such a day itself.
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
  segments.segment_name,
  segments.segment_name_en,
  count(segment_memberships.customer_id) as customer_count,
  count(segment_memberships.customer_id) filter (
    where exists (
      select
      from app.customer_day
      where customer_day.customer_id = segment_memberships.customer_id
        and customer_day.day >= months.month_on
        and customer_day.day < (months.month_on + interval '1 month')::date
        and customer_day.order_count > 0
    )
  ) as buyer_count
from months
inner join base.segments
  on segments.rule_set_id = months.rule_set_id
left join app.segment_memberships
  on segment_memberships.rule_set_id = months.rule_set_id
  and segment_memberships.segment_code = segments.segment_code
  and segment_memberships.entered_on <= months.month_on
  and (segment_memberships.left_on > months.month_on or segment_memberships.left_on is null)
group by
  months.month_on, segments.rule_set_code, segments.segment_code, segments.segment_name, segments.segment_name_en;

comment on view report.segment_order_months is
  '客群每月下单 / Segments and who of them ordered, by month
One row per rule set, segment and calendar month that began after segments were first computed: who was in the segment on its first day, and how many of them ordered in it.';

comment on column report.segment_order_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.segment_order_months.rule_set_code is
  '分群规则编码 / Rule set code
Code of the rule set.';
comment on column report.segment_order_months.segment_code is
  '客群编码 / Segment code
Code of the segment on the first day of the month.';
comment on column report.segment_order_months.segment_name is
  '客群 / Segment
Chinese name of the segment.';
comment on column report.segment_order_months.segment_name_en is
  '客群（英文） / Segment (English)
English name of the segment.';
comment on column report.segment_order_months.customer_count is
  '月初客户数 / Customers at the start
Customers in the segment on the first day of the month.';
comment on column report.segment_order_months.buyer_count is
  '当月下单客户 / Who ordered
Of these, how many ordered in the month.';
