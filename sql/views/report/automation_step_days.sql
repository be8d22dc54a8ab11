create view report.automation_step_days as
select
  automations.code as automation_code,
  automations.name as automation_name,
  automations.name_en as automation_name_en,
  automation_steps.step_code,
  automation_steps.outcome,
  coalesce(automation_steps.reason, '') as reason,
  automation_steps.done_on,
  count(*) as step_count
from app.automation_steps
inner join app.automations
  on automations.id = automation_steps.automation_id
group by
  automations.code, automations.name, automations.name_en, automation_steps.step_code, automation_steps.outcome,
  coalesce(automation_steps.reason, ''), automation_steps.done_on;

comment on view report.automation_step_days is
  'Steps of automations by day
One row per automation, step, outcome, reason and day on which it was done for somebody.';
comment on column report.automation_step_days.automation_code is 'Automation code
By which programs know the automation.';
comment on column report.automation_step_days.automation_name is 'Automation, Chinese
What it is called.';
comment on column report.automation_step_days.automation_name_en is 'Automation
What it is called.';
comment on column report.automation_step_days.step_code is 'Step
The code of the step in its automation.';
comment on column report.automation_step_days.outcome is 'Outcome
entered, held_out, waits, met, not_met, branch_a, branch_b, done, refused, exited or finished.';
comment on column report.automation_step_days.reason is 'Reason
Why not; empty where there is nothing to say.';
comment on column report.automation_step_days.done_on is 'Day
Programme day.';
comment on column report.automation_step_days.step_count is 'Times
How often it was done.';
