create view report.benefit_months as

with opened as (
  select
    date_trunc('month', benefit_quotas.usable_from::timestamp)::date as month_on,
    benefit_quotas.benefit_id,
    benefit_grants.package_id,
    benefit_quotas.tier_id,
    count(*) as holder_count,
    coalesce(sum(benefit_quotas.quota), 0)::bigint as quota_count,
    coalesce(sum(benefit_quotas.used) filter (where benefit_quotas.quota is not null), 0)::bigint as use_count,
    coalesce(sum(benefit_quotas.used) filter (where benefit_quotas.quota is null), 0)::bigint as unlimited_use_count,
    count(*) filter (where benefit_quotas.used > 0) as user_count
  from app.benefit_quotas
  left join app.benefit_grants
    on benefit_grants.customer_id = benefit_quotas.customer_id
    and benefit_grants.id = benefit_quotas.grant_id
  group by 1, 2, 3, 4
)

select
  opened.month_on,
  benefits.code as benefit_code,
  benefits.name as benefit_name,
  benefits.name_en as benefit_name_en,
  benefits.layer,
  benefit_packages.code as package_code,
  benefit_packages.name as package_name,
  benefit_packages.name_en as package_name_en,
  tiers.code as tier_code,
  tiers.name as tier_name,
  tiers.name_en as tier_name_en,
  tiers.rank as tier_rank,
  opened.holder_count,
  opened.user_count,
  opened.quota_count,
  opened.use_count,
  opened.unlimited_use_count,
  round(opened.use_count * benefits.unit_cost, 2) as cost_amount
from opened
inner join app.benefits
  on benefits.id = opened.benefit_id
left join app.benefit_packages
  on benefit_packages.id = opened.package_id
left join app.tiers
  on tiers.id = opened.tier_id;

comment on view report.benefit_months is
  '每月权益 / Benefits by month
One row per month in which it was opened, benefit, package and tier of the customers then. Uses are those of what was opened in the month, whenever they were; what was brought along from before is in no quota twice.';

comment on column report.benefit_months.month_on is
  '月份 / Month
Month of the first day on which it could be used.';
comment on column report.benefit_months.benefit_code is
  '权益编码 / Benefit code
Code of the benefit.';
comment on column report.benefit_months.benefit_name is
  '权益 / Benefit
Chinese name of the benefit.';
comment on column report.benefit_months.benefit_name_en is
  '权益（英文） / Benefit (English)
English name of the benefit.';
comment on column report.benefit_months.layer is
  '层级 / Layer
basic, advanced, emotional, tier or custom.';
comment on column report.benefit_months.package_code is
  '权益包编码 / Package code
The package with which it came; empty: the customer had it by themselves.';
comment on column report.benefit_months.package_name is
  '权益包 / Package
Chinese name of the package.';
comment on column report.benefit_months.package_name_en is
  '权益包（英文） / Package (English)
English name of the package.';
comment on column report.benefit_months.tier_code is
  '等级编码 / Tier code
Tier of the customer when it was opened; empty: none.';
comment on column report.benefit_months.tier_name is
  '等级 / Tier
Chinese name of the tier.';
comment on column report.benefit_months.tier_name_en is
  '等级（英文） / Tier (English)
English name of the tier.';
comment on column report.benefit_months.tier_rank is
  '等级次序 / Rank
Order of the tiers.';
comment on column report.benefit_months.holder_count is
  '享有次数 / Held
How often it was opened for somebody.';
comment on column report.benefit_months.user_count is
  '使用人次 / Used by
How many of these used it at least once.';
comment on column report.benefit_months.quota_count is
  '授予次数 / Quota granted
Uses that were granted; unlimited ones and what was brought along are left out.';
comment on column report.benefit_months.use_count is
  '使用次数 / Uses
Uses of what is counted; cancelled and failed ones are left out.';
comment on column report.benefit_months.unlimited_use_count is
  '不限次使用 / Unlimited uses
Uses of what is not counted.';
comment on column report.benefit_months.cost_amount is
  '成本 / Cost
Uses at the cost per use of the benefit as it is now.';
