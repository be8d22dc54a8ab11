create view base.benefit_grants as
select
  benefit_grants.id,
  benefit_grants.customer_id,
  benefit_grants.package_id,
  benefit_grants.period_from,
  benefit_grants.period_until - 1 as period_through,
  benefit_grants.granted_at,
  benefit_grants.reason,
  benefit_grants.note,
  benefit_grants.granted_by,
  benefit_grants.ended_at,
  benefit_grants.period_from <= programme.today_on and benefit_grants.period_until > programme.today_on
    and benefit_grants.ended_at is null as running,
  coalesce(held.used, 0)::integer as used,
  held.left_uses::integer as left_uses
from app.benefit_grants
cross join base.programme
left join lateral (
  select
    sum(benefit_quotas.quota + benefit_quotas.carried_over - benefit_quotas.used - benefit_quotas.reserved) filter (
      where coalesce(benefit_quotas.usable_until > programme.today_on, true)
    ) as left_uses,
    sum(benefit_quotas.used) as used
  from app.benefit_quotas
  where benefit_quotas.customer_id = benefit_grants.customer_id
    and benefit_quotas.grant_id = benefit_grants.id
) as held
  on true;

comment on view base.benefit_grants is
  'Holders of packages
One row per customer, package and period in which they hold it, with what they used of it and what is left of it today.';
