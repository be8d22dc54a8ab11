-- What coupons promised when they were issued, whatever becomes of their template; and what a use costs beyond what was held.

create table app.coupon_template_versions (
  template_id bigint not null references app.coupon_templates on delete cascade,
  id bigint generated always as identity,
  until_at timestamptz not null,
  body jsonb not null,
  primary key (template_id, id)
);
create index coupon_template_versions_until_idx on app.coupon_template_versions (template_id, until_at);
comment on table app.coupon_template_versions is
  'Coupon templates as they were before each change, until when: coupons issued before it keep what they promised. Append-only for every login but the owner.';

alter table app.coupon_uses add column extra_amount numeric(14, 2) not null default 0 check (extra_amount >= 0);
comment on column app.coupon_uses.extra_amount is 'What it costs beyond what the coupon held (what free shipping comes to is not known ahead).';
