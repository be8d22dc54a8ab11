create view base.benefit_quotas as
select
  benefit_quotas.id,
  benefit_quotas.customer_id,
  benefit_quotas.benefit_id,
  benefit_grants.package_id,
  benefit_quotas.tier_id,
  nullif(benefit_quotas.period_from, '-infinity') as period_from,
  benefit_quotas.period_until,
  benefit_quotas.usable_from,
  benefit_quotas.usable_until - 1 as usable_through,
  benefit_quotas.quota,
  benefit_quotas.carried_over,
  benefit_quotas.used,
  benefit_quotas.reserved,
  benefit_quotas.quota + benefit_quotas.carried_over - benefit_quotas.used - benefit_quotas.reserved as left_uses,
  benefit_quotas.usable_from <= programme.today_on and coalesce(benefit_quotas.usable_until > programme.today_on, true) as usable
from app.benefit_quotas
cross join base.programme
left join app.benefit_grants
  on benefit_grants.customer_id = benefit_quotas.customer_id
  and benefit_grants.id = benefit_quotas.grant_id;

comment on view base.benefit_quotas is
  'Benefits left
One row per customer, benefit and period in which they may use it, with the package it comes with. left_uses: empty where it is not limited; usable: today is one of its days.';
