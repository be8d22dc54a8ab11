-- Reports of the last weeks read these and not the history. What is written by the day and in its order has its place in blocks:
-- such an index costs who writes next to nothing.
create index automation_steps_done_on_idx on app.automation_steps using brin (done_on) with (autosummarize = on);
create index benefit_quotas_month_idx on app.benefit_quotas
  using brin ((date_trunc('month', usable_from::timestamp)::date)) with (autosummarize = on);
create index task_progress_started_at_idx on app.task_progress (started_at);
