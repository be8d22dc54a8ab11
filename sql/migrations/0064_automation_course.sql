-- What automations did for a customer is told from the latest on.
create index automation_steps_course_idx on app.automation_steps (customer_id, done_at, run_id);
