-- What was kept before a job of the night ended is asked for by the time it ended.

create index job_runs_finished_at_idx on app.job_runs (finished_at);
