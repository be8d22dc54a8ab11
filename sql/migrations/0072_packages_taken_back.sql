-- A package that a task gave can be taken back: what is left of it ends, what was used stays.
alter table app.benefit_grants add column ended_at timestamptz;
comment on column app.benefit_grants.ended_at is 'When it was taken back before its end; empty: it goes on to its end.';

alter table app.task_grants add column used_count integer check (used_count >= 0);
comment on column app.task_grants.used_count is 'Uses of the package that had been made, or were reserved, when it was to be taken back: they stay.';
