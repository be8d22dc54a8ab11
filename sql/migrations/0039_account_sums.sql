-- The sums of an account go on from what they were, by what a run has moved, instead of being added up from every lot.

alter table app.engine_turns add column entries_after bigint;
comment on column app.engine_turns.entries_after is
  'Entries of the customer with a higher id are of this run; null: the account is added up from its lots.';

create index points_allocations_owed_idx on app.points_allocations (customer_id, book_id) where origin_kind in ('debt', 'write_off');

alter table app.inbox add column waits_until_at timestamptz;
comment on column app.inbox.waits_until_at is 'When the fact happens, where that lies ahead.';
