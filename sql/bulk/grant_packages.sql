-- The packages of the demo as each period would have granted them, before points are worked out: some multiply them.
select ops.grant_package(
  benefit_packages.id, months.day at time zone settings.time_zone, 'period', null, null, 0, null
)
from app.settings
cross join generate_series(
  date_trunc('month', settings.started_on::timestamp) + interval '1 month', current_setting('seed.as_of_on')::timestamp, interval '1 month'
) as months (day)
inner join app.benefit_packages
  on benefit_packages.grant_kind = 'each_period'
  and ops.period_start(benefit_packages.period, null, 1, null, months.day::date) = months.day::date
order by
  months.day,
  benefit_packages.id;
