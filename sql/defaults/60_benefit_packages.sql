-- The quarterly benefit card: ten benefits for active customers.
insert into app.benefit_packages (
  code, name, name_en, status, grant_kind, period, segments, remind_days, remind_channels, description
)
values (
  'quarter_card', '季度权益卡', 'Quarterly benefit card', 'active', 'each_period', 'quarter',
  array(
    select segments.id
    from base.segments
    where segments.rule_set_code = 'lifecycle'
      and segments.segment_code = 'active'
  ),
  14, '{in_site,push}', '每季度发给活跃客户的十项权益'
)
on conflict (code) do nothing;

insert into app.benefit_package_items (package_id, position, benefit_id, quota)
select
  benefit_packages.id,
  listed.position,
  benefits.id,
  listed.quota
from (
  values
    (1, 'birthday_double_points', null::integer),
    (2, 'monthly_exchange', null),
    (3, 'early_access', null),
    (4, 'flash_sale_access', 6),
    (5, 'free_shipping', 6),
    (6, 'birthday_gift', 1),
    (7, 'dedicated_service', null),
    (8, 'customised_product', 1),
    (9, 'brand_event', 1),
    (10, 'quarter_coupon', 1)
) as listed (position, benefit, quota)
inner join app.benefits
  on benefits.code = listed.benefit
inner join app.benefit_packages
  on benefit_packages.code = 'quarter_card'
where not exists (
  select
  from app.benefit_package_items
  where benefit_package_items.package_id = benefit_packages.id
)
order by listed.position;
