-- What the quarterly card is made of is had by its holders; benefits and packages as they are hold from the beginning.
update app.benefits
set by_package_only = true
where benefits.code in ('birthday_double_points', 'monthly_exchange', 'early_access', 'quarter_coupon')
  and benefits.tiers = '{}'
  and benefits.segments = '{}'
  and exists (
    select
    from app.benefit_package_items
    where benefit_package_items.benefit_id = benefits.id
  );

select ops.keep_benefit_version(benefits.id, 0, '-infinity')
from app.benefits
where not exists (
  select
  from app.programme_versions
  where programme_versions.resource = 'benefits'
    and programme_versions.record_id = benefits.id
);

select ops.keep_package_version(benefit_packages.id, 0, '-infinity')
from app.benefit_packages
where not exists (
  select
  from app.programme_versions
  where programme_versions.resource = 'benefit_packages'
    and programme_versions.record_id = benefit_packages.id
);
