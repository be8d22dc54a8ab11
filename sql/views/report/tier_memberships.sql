create view report.tier_memberships as

select
  tier_stays.customer_id,
  tiers.code as tier_code,
  tiers.name as tier_name,
  tiers.name_en as tier_name_en,
  tiers.rank as tier_rank,
  (tier_stays.entered_at at time zone programme.time_zone)::date as entered_on,
  (tier_stays.left_at at time zone programme.time_zone)::date as left_on,
  tier_stays.reason
from base.tier_stays
inner join app.tiers
  on tiers.id = tier_stays.tier_id
cross join base.programme;

comment on view report.tier_memberships is
  '等级区间 / Stays in tiers
One row per customer and uninterrupted stay in a tier. On day D a customer is in the tier whose entered_on <= D and whose left_on is later than D or empty.';

comment on column report.tier_memberships.customer_id is
  '客户编号 / Customer
Number of the customer.';
comment on column report.tier_memberships.tier_code is
  '等级编码 / Tier code
Code of the tier.';
comment on column report.tier_memberships.tier_name is
  '等级 / Tier
Chinese name of the tier.';
comment on column report.tier_memberships.tier_name_en is
  '等级（英文） / Tier (English)
English name of the tier.';
comment on column report.tier_memberships.tier_rank is
  '级别 / Rank
Order of the tiers, the lowest first.';
comment on column report.tier_memberships.entered_on is
  '进入日期 / Entered on
First day in the tier.';
comment on column report.tier_memberships.left_on is
  '离开日期 / Left on
First day no longer in it; empty while in it.';
comment on column report.tier_memberships.reason is
  '原因 / Reason
enrol, upgrade, downgrade, refund or manual.';
