-- Coupons of a template can be reminded of by a message of their own.
alter table app.coupon_templates
  add column reminder_id bigint references app.message_templates on delete restrict;
create index coupon_templates_reminder_id_idx on app.coupon_templates (reminder_id);
comment on column app.coupon_templates.reminder_id is 'What reminds of its coupons before they end; empty: what the settings name.';
