-- How much is missing until a tier above could be reached: nobody need be looked at before.

alter table app.tier_states add column spend_missing numeric;
alter table app.tier_states add column orders_missing numeric;
alter table app.tier_states add column growth_missing numeric;
comment on column app.tier_states.spend_missing is
  'What must be spent at least, from the last fact worked in on, before a tier above could be reached: less time and refunds only add to it. Infinity: never by spending; null: unknown.';
comment on column app.tier_states.orders_missing is 'The same in orders.';
comment on column app.tier_states.growth_missing is 'The same in growth value.';

alter table app.engine_turns add column spend_upto numeric not null default 0;
alter table app.engine_turns add column orders_upto integer not null default 0;
comment on column app.engine_turns.spend_upto is 'Orders of the customer in this run up to this one, added up.';
