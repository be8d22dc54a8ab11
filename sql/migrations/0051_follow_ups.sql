-- Facts that are worked in set other things going: tasks, coupons, automation. What is still to be done about which fact is
-- written with the books that it changed, so that neither is ever there without the other.

create table app.follow_ups (
  customer_id bigint not null references app.customers on delete cascade,
  id bigint generated always as identity,
  follower text not null,
  fact_kind text not null,
  fact_id bigint not null,
  occurred_at timestamptz,
  again boolean not null default false,
  noted_at timestamptz not null default now(),
  primary key (customer_id, id)
);
create index follow_ups_follower_idx on app.follow_ups (follower, id);
comment on table app.follow_ups is
  'Facts that the engine has worked in and that a follower still has to follow up, one row each; the row goes in the transaction that does so.';
comment on column app.follow_ups.follower is 'The file in api/engine/followers.';
comment on column app.follow_ups.occurred_at is 'Empty: the fact is gone, as an order that was cancelled.';
comment on column app.follow_ups.again is 'A fact that was worked in before has changed, or all of the customer is looked at anew.';
