create view report.tier_months as

with top as (
  select max(tiers.rank) as rank
  from app.tiers
  where tiers.status = 'active'
),

stays as (
  select
    tier_stays.customer_id,
    tiers.rank,
    (tier_stays.entered_at at time zone programme.time_zone)::date as entered_on,
    (tier_stays.left_at at time zone programme.time_zone)::date as left_on
  from base.tier_stays
  inner join app.tiers
    on tiers.id = tier_stays.tier_id
  cross join base.programme
),

months as (
  select each_month::date as month_on
  from generate_series(
    date_trunc('month', (select min(stays.entered_on) from stays)::timestamp),
    (select programme.today_on from base.programme)::timestamp,
    interval '1 month'
  ) as each_month
),

members as (
  select
    months.month_on,
    stays.customer_id,
    stays.rank
  from months
  inner join stays
    on stays.entered_on < months.month_on
    and (stays.left_on >= months.month_on or stays.left_on is null)
),

-- The highest tier entered in the month: who goes up two steps is upgraded once.
reached as (
  select
    date_trunc('month', stays.entered_on::timestamp)::date as month_on,
    stays.customer_id,
    max(stays.rank) as rank
  from stays
  group by 1, 2
)

select
  members.month_on,
  count(*) as member_count,
  count(*) filter (where members.rank < top.rank) as below_top_count,
  count(*) filter (where members.rank < top.rank and reached.rank > members.rank) as upgraded_count,
  count(*) filter (where reached.rank < members.rank) as downgraded_count
from members
cross join top
left join reached
  on reached.month_on = members.month_on
  and reached.customer_id = members.customer_id
group by members.month_on;

comment on view report.tier_months is
  '每月等级变动 / Tiers by month
One row per calendar month: members with a tier at its start, and how many of them went up in it.';

comment on column report.tier_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.tier_months.member_count is
  '月初会员 / Members at the start
Customers with a tier when the month began.';
comment on column report.tier_months.below_top_count is
  '月初未到最高级 / Below the top tier
Of these, how many were not in the highest tier.';
comment on column report.tier_months.upgraded_count is
  '升级会员 / Upgraded
Of those below the top, how many entered a higher tier in the month.';
comment on column report.tier_months.downgraded_count is
  '降级会员 / Downgraded
Of all at the start, how many entered only lower tiers in the month.';
