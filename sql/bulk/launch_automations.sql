-- The automations of the default programme ran from the first day of the demo on.
update app.automations
set
  status = 'running',
  launched_on = settings.started_on,
  launched_at = settings.started_on::timestamp at time zone settings.time_zone
from app.settings
where automations.code in ('newcomer_plan', 'quarter_card', 'win_back', 'birthday_care')
  and automations.status = 'draft';

update app.community_plans
set starts_on = ops.period_start('month', null, 1, null, settings.started_on)
from app.settings
where community_plans.repeat = 'day';
