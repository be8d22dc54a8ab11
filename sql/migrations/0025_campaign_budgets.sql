-- Campaigns draw on a budget, and name the playbooks for what may go wrong.

alter table app.campaigns
  add column budget_id bigint references app.budgets on delete restrict,
  add column playbooks bigint[] not null default '{}';
create index campaigns_budget_id_idx on app.campaigns (budget_id);
create index campaigns_playbooks_idx on app.campaigns using gin (playbooks);
comment on column app.campaigns.budget_amount is 'What it plans to take from its budget.';
