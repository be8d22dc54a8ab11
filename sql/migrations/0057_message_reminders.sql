-- What reminds customers, and whom a template is looked at with.
alter table app.message_templates
  add column preview_customer_id bigint references app.customers on delete set null;
create index message_templates_preview_customer_id_idx on app.message_templates (preview_customer_id);
comment on column app.message_templates.preview_customer_id is 'With whose values the preview beside the form is made.';

alter table app.settings
  add column points_reminder_id bigint references app.message_templates on delete restrict,
  add column benefit_reminder_id bigint references app.message_templates on delete restrict,
  add column coupon_reminder_id bigint references app.message_templates on delete restrict;
create index settings_points_reminder_id_idx on app.settings (points_reminder_id);
create index settings_benefit_reminder_id_idx on app.settings (benefit_reminder_id);
create index settings_coupon_reminder_id_idx on app.settings (coupon_reminder_id);
comment on column app.settings.points_reminder_id is 'What reminds of points that expire; empty: nobody is reminded.';

alter table app.benefit_reminders add column sent_at timestamptz;
create index benefit_reminders_waiting_idx on app.benefit_reminders (last_on, customer_id) where sent_at is null;
comment on column app.benefit_reminders.sent_at is 'When its message was queued.';

alter table app.coupon_reminders add column sent_at timestamptz;
create index coupon_reminders_waiting_idx on app.coupon_reminders (noted_at) where sent_at is null;

-- Looked at when all is written, so that the guard says it in words.
drop index app.message_adapters_active_key;
alter table app.message_adapters
  add constraint message_adapters_active_key exclude using btree (channel with =) where (status = 'active') deferrable initially deferred;
