-- Staff may add fields to these too.

alter table app.campaigns add column extras jsonb not null default '{}';
alter table app.budgets add column extras jsonb not null default '{}';
alter table app.risk_playbooks add column extras jsonb not null default '{}';
