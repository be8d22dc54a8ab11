-- Who somebody is at an identity provider.

create table app.user_identities (
  issuer text not null,
  subject text not null,
  user_id bigint not null references app.users on delete cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject),
  constraint user_identities_user_id_key unique (user_id, issuer)
);
comment on table app.user_identities is
  'One row per person and identity provider, written at the first sign-in through it. From then on the provider''s own id counts, not the e-mail address, which may be given to somebody else.';
