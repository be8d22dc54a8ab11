create view report.points_liability_days as

select
  points_liability_days.as_of_on,
  points_liability_days.outstanding_points,
  points_liability_days.expected_points,
  points_liability_days.liability_amount,
  points_liability_days.breakage_rate,
  points_liability_days.vintage_months
from app.points_liability_days;

comment on view report.points_liability_days is
  '每日积分负债 / Points liability by day
One row per day on which it was worked out, as it was known then.';

comment on column report.points_liability_days.as_of_on is
  '计算日期 / As of
What was known before this day.';
comment on column report.points_liability_days.outstanding_points is
  '未使用积分 / Outstanding
Points that could be redeemed or were to become so.';
comment on column report.points_liability_days.expected_points is
  '预计兑换 / Expected to be redeemed
Of these, how many should be redeemed.';
comment on column report.points_liability_days.liability_amount is
  '积分负债 / Liability
Points expected to be redeemed x value of a point (points policy).';
comment on column report.points_liability_days.breakage_rate is
  '破损率 / Breakage
Share of the points issued in the last three years that should never be redeemed.';
comment on column report.points_liability_days.vintage_months is
  '发放月数 / Months of issue
How many it was estimated from; below twelve it says little.';
