create view report.segment_memberships as

select
  segment_memberships.customer_id,
  segments.rule_set_code,
  segments.rule_set_name,
  segments.rule_set_name_en,
  segments.segment_code,
  segments.segment_name,
  segments.segment_name_en,
  segments.position as segment_position,
  segment_memberships.entered_on,
  segment_memberships.left_on
from app.segment_memberships
inner join base.segments
  on segments.rule_set_id = segment_memberships.rule_set_id
  and segments.segment_code = segment_memberships.segment_code;

comment on view report.segment_memberships is
  '客群成员区间 / Stays in segments
One row per customer, rule set and uninterrupted stay in a segment. On day D a customer is in the segment whose entered_on <= D and whose left_on is later than D or empty.';

comment on column report.segment_memberships.customer_id is
  '客户编号 / Customer
Number of the customer.';
comment on column report.segment_memberships.rule_set_code is
  '分群规则编码 / Rule set code
Code of the rule set.';
comment on column report.segment_memberships.rule_set_name is
  '分群规则 / Rule set
Chinese name of the rule set.';
comment on column report.segment_memberships.rule_set_name_en is
  '分群规则（英文） / Rule set (English)
English name of the rule set.';
comment on column report.segment_memberships.segment_code is
  '客群编码 / Segment code
Code of the segment; ''other'' is everyone whom no rule takes.';
comment on column report.segment_memberships.segment_name is
  '客群 / Segment
Chinese name, of the newest version that has the segment.';
comment on column report.segment_memberships.segment_name_en is
  '客群（英文） / Segment (English)
English name, of the newest version that has the segment.';
comment on column report.segment_memberships.segment_position is
  '排序 / Position
Place among the rules, first match wins; ''other'' comes last.';
comment on column report.segment_memberships.entered_on is
  '进入日期 / Entered on
First computed day in the segment.';
comment on column report.segment_memberships.left_on is
  '离开日期 / Left on
First computed day no longer in the segment; empty: still there.';
