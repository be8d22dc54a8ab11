-- Who is reminded of coupons that end; and what is issued for several moments at once.

alter table app.coupon_asks add column asked_at timestamptz not null default now();

create table app.coupon_reminders (
  customer_id bigint not null,
  coupon_id bigint not null,
  valid_until_at timestamptz not null,
  channels text[] not null default '{}'
    check (channels <@ array['in_site', 'sms', 'email', 'push', 'wecom', 'community']),
  noted_at timestamptz not null,
  primary key (customer_id, coupon_id, valid_until_at),
  constraint coupon_reminders_coupon_fkey foreign key (customer_id, coupon_id) references app.coupons (customer_id, id) on delete cascade
);
create index coupon_reminders_noted_at_idx on app.coupon_reminders (noted_at);
comment on table app.coupon_reminders is
  'Who is to be told that a coupon ends soon, and by which channels: once for each time that it ends.';
