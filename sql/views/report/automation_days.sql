create view report.automation_days as

select
  automations.code as automation_code,
  automations.name as automation_name,
  automations.name_en as automation_name_en,
  automation_runs.entered_on,
  count(*) filter (where automation_runs.status <> 'held_out') as entered_count,
  count(*) filter (where automation_runs.status = 'finished') as finished_count,
  count(*) filter (where automation_runs.status = 'exited') as exited_count,
  count(*) filter (where automation_runs.status = 'held_out') as held_out_count,
  count(*) filter (where automation_runs.status <> 'held_out' and bought.converted) as converted_count,
  count(*) filter (where automation_runs.status = 'held_out' and bought.converted) as held_out_converted_count
from app.automation_runs
inner join app.automations
  on automations.id = automation_runs.automation_id
-- As base.automation_runs says it; what the step is called, which it says too, is not asked here.
cross join lateral (
  select exists (
    select
    from app.orders
    where orders.customer_id = automation_runs.customer_id
      and orders.status in ('paid', 'completed')
      and coalesce(orders.paid_at, orders.placed_at) > automation_runs.entered_at
      and coalesce(orders.paid_at, orders.placed_at) <= automation_runs.entered_at + make_interval(days => automations.goal_days)
  ) as converted
) as bought
group by automations.code, automations.name, automations.name_en, automation_runs.entered_on;

comment on view report.automation_days is
  'Automations by day of entry
One row per automation and day on which somebody entered it or was held out of it.';
comment on column report.automation_days.automation_code is 'Automation code
By which programs know the automation.';
comment on column report.automation_days.automation_name is 'Automation, Chinese
What it is called.';
comment on column report.automation_days.automation_name_en is 'Automation
What it is called.';
comment on column report.automation_days.entered_on is 'Day of entry
Programme day.';
comment on column report.automation_days.entered_count is 'Entered
Journeys that began; those held out are not among them.';
comment on column report.automation_days.finished_count is 'Finished
Of these, how many went through to the end.';
comment on column report.automation_days.exited_count is 'Left early
Of these, how many left before the end.';
comment on column report.automation_days.held_out_count is 'Held out
Who could have entered and was left out, to compare with.';
comment on column report.automation_days.converted_count is 'Converted
Entered, and ordered within the days of the automation''s goal.';
comment on column report.automation_days.held_out_converted_count is 'Held out and converted
The same of those held out.';
