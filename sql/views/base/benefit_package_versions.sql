create view base.benefit_package_versions as
select
  versions.id as version_id,
  versions.record_id as package_id,
  versions.effective_from_at,
  versions.effective_until_at,
  package.status,
  package.grant_kind,
  package.period,
  package.period_days,
  coalesce(package.tiers, '{}') as tiers,
  coalesce(package.segments, '{}') as segments,
  package.starts_on,
  package.ends_on,
  package.max_grants,
  package.remind_days,
  coalesce(package.remind_channels, '{}') as remind_channels,
  coalesce(package.items, '[]') as items
from base.programme_versions as versions
cross join lateral jsonb_to_record(versions.body) as package (
  status text, grant_kind text, period text, period_days integer, tiers bigint[], segments bigint[], starts_on date, ends_on date,
  max_grants integer, remind_days integer, remind_channels text[], items jsonb
)
where versions.resource = 'benefit_packages'
  and versions.body is not null;

comment on view base.benefit_package_versions is
  'Benefit packages as they held
One row per version of a package, with the time from which and until which it holds. items: benefit_id and quota of each benefit in it.';
