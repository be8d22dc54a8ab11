create view report.goal_terms as

select
  goals.id as goal_id,
  goals.name as goal_name,
  goals.name_en as goal_name_en,
  goals.stage,
  goals.metric as metric_code,
  segments.rule_set_code,
  segments.segment_code,
  segments.segment_name,
  segments.segment_name_en,
  goals.measure,
  goals.direction,
  goals.target_kind,
  coalesce(goals.target_rate, goals.target_value) as target,
  goals.target_rate_max as target_max,
  coalesce(goals.baseline_rate, goals.baseline_value) as baseline,
  goals.target_text,
  goals.weight,
  goals.owner_team,
  goals.from_month,
  goals.to_month,
  goals.starts_on,
  goals.due_on
from base.goals
left join base.segments
  on segments.id = goals.segment_id
where goals.status = 'active';

comment on view report.goal_terms is
  '阶段目标 / Goals by stage
One row per goal that was not dropped, as it was set. Its days are empty while the programme has no first day.';
comment on column report.goal_terms.goal_id is
  '目标编号 / Goal id
Number of the goal.';
comment on column report.goal_terms.goal_name is
  '目标 / Goal
Name, Chinese.';
comment on column report.goal_terms.goal_name_en is
  '目标（英文） / Goal (English)
Name, English.';
comment on column report.goal_terms.stage is
  '阶段 / Stage
short, mid, long, referral or programme.';
comment on column report.goal_terms.metric_code is
  '指标编码 / Metric code
Code of the metric in the registry.';
comment on column report.goal_terms.rule_set_code is
  '分群规则编码 / Rule set code
Of the segment that it is about; empty: everybody.';
comment on column report.goal_terms.segment_code is
  '客群编码 / Segment code
The segment that it is about; empty: everybody.';
comment on column report.goal_terms.segment_name is
  '客群 / Segment
Its name, Chinese.';
comment on column report.goal_terms.segment_name_en is
  '客群（英文） / Segment (English)
Its name, English.';
comment on column report.goal_terms.measure is
  '指标单位 / Measured as
rate, number or money.';
comment on column report.goal_terms.direction is
  '期望方向 / Direction
up or down.';
comment on column report.goal_terms.target_kind is
  '目标类型 / Target is
absolute: a value; relative: a change by a share of the baseline; points: a change in points.';
comment on column report.goal_terms.target is
  '目标 / Target
As it was typed: a value, a share (0.25) or points.';
comment on column report.goal_terms.target_max is
  '目标上限 / Target up to
Where the target is a range.';
comment on column report.goal_terms.baseline is
  '基线 / Baseline
As it was typed; empty: what was measured before.';
comment on column report.goal_terms.target_text is
  '目标说明 / Target in signs
The target in signs.';
comment on column report.goal_terms.weight is
  '权重 / Weight
Compared with the others of its stage.';
comment on column report.goal_terms.owner_team is
  '责任团队 / Team
Whose goal it is.';
comment on column report.goal_terms.from_month is
  '起始月 / From month
Months from the first day of the programme.';
comment on column report.goal_terms.to_month is
  '截止月 / To month
Months from the first day of the programme.';
comment on column report.goal_terms.starts_on is
  '开始日期 / Starts on
Its first day.';
comment on column report.goal_terms.due_on is
  '截止日期 / Due on
Its last day.';
