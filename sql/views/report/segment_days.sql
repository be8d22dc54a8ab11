create view report.segment_days as

select
  segment_day.as_of_on,
  segments.rule_set_code,
  segments.rule_set_name,
  segments.rule_set_name_en,
  segments.segment_code,
  segments.segment_name,
  segments.segment_name_en,
  segments.position as segment_position,
  segment_day.segment_code <> 'other' as covered,
  segment_day.customer_count,
  segment_snapshots.customer_count as known_customer_count,
  segment_day.order_count,
  segment_day.net_amount,
  segment_snapshots.stale
from app.segment_day
inner join app.segment_snapshots
  on segment_snapshots.rule_set_id = segment_day.rule_set_id
  and segment_snapshots.as_of_on = segment_day.as_of_on
inner join base.segments
  on segments.rule_set_id = segment_day.rule_set_id
  and segments.segment_code = segment_day.segment_code;

comment on view report.segment_days is
  '客群规模（按日） / Segment sizes by day
One row per rule set, computed day and segment, empty segments and ''other'' included. Days that were not computed are absent.';

comment on column report.segment_days.as_of_on is
  '日期 / Date
The day: orders strictly before it count.';
comment on column report.segment_days.rule_set_code is
  '分群规则编码 / Rule set code
Code of the rule set.';
comment on column report.segment_days.rule_set_name is
  '分群规则 / Rule set
Chinese name of the rule set.';
comment on column report.segment_days.rule_set_name_en is
  '分群规则（英文） / Rule set (English)
English name of the rule set.';
comment on column report.segment_days.segment_code is
  '客群编码 / Segment code
Code of the segment; ''other'' is everyone whom no rule takes.';
comment on column report.segment_days.segment_name is
  '客群 / Segment
Chinese name, of the newest version that has the segment.';
comment on column report.segment_days.segment_name_en is
  '客群（英文） / Segment (English)
English name, of the newest version that has the segment.';
comment on column report.segment_days.segment_position is
  '排序 / Position
Place among the rules, first match wins; ''other'' comes last.';
comment on column report.segment_days.covered is
  '规则覆盖 / Covered
Whether a rule takes these customers.';
comment on column report.segment_days.customer_count is
  '客户数 / Customers
Customers in the segment on that day.';
comment on column report.segment_days.known_customer_count is
  '全部客户数 / All customers
Customers known on that day, over all segments: the denominator of a share.';
comment on column report.segment_days.order_count is
  '累计订单数 / Orders to date
Orders of the segment''s customers, life to date.';
comment on column report.segment_days.net_amount is
  '累计净消费 / Net spend to date
Order value less returns of the segment''s customers, life to date.';
comment on column report.segment_days.stale is
  '待重算 / To be computed again
Facts or rules that concern the day have changed since it was computed.';
