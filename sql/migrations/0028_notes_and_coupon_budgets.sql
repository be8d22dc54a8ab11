-- What staff note about a customer, and the budget that the cost of a coupon is taken from.
alter table app.customers add column note text;
comment on column app.customers.note is 'Free text of staff about the person; personal data.';

alter table app.coupon_templates add column budget_id bigint references app.budgets on delete restrict;
create index coupon_templates_budget_id_idx on app.coupon_templates (budget_id);
comment on column app.coupon_templates.budget_id is
  'Where the cost of its uses is taken from. budget_amount is a cap of the template''s own beside it.';
