create view report.points_vintages as

select
  points_vintages.earned_month_on,
  points_vintages.latest_age,
  points_vintages.issued_points,
  points_vintages.redeemed_points,
  points_vintages.outstanding_points,
  points_vintages.expected_points,
  greatest(points_vintages.issued_points - points_vintages.redeemed_points - points_vintages.expected_points, 0) as unredeemed_points
from base.points_vintages;

comment on view report.points_vintages is
  '各月发放积分的去向 / What becomes of points, by month of issue
One row per month in which points were issued and that is over, of the last three years.';

comment on column report.points_vintages.earned_month_on is
  '发放月份 / Month of issue
First day of the month.';
comment on column report.points_vintages.latest_age is
  '已过月数 / Age
Whole calendar months since the month of issue.';
comment on column report.points_vintages.issued_points is
  '发放积分 / Issued
Points issued in the month, less those taken back with what had earned them.';
comment on column report.points_vintages.redeemed_points is
  '已兑换 / Redeemed
Of these, redeemed in months that are over, less those given back.';
comment on column report.points_vintages.outstanding_points is
  '未使用 / Outstanding
Of these, what can still be redeemed.';
comment on column report.points_vintages.expected_points is
  '预计还将兑换 / Expected to be redeemed yet
By the course of older months (age-to-age factors), no more than is outstanding.';
comment on column report.points_vintages.unredeemed_points is
  '预计沉淀 / Breakage
Points that are expected never to be redeemed.';
