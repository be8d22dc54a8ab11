-- Changes of many records at once, so that they can be taken back at once; deleted records are found by who looks for them.

create table app.bulk_changes (
  id bigint generated always as identity primary key,
  resource text not null,
  action text not null check (action in ('update', 'delete', 'undo')),
  user_id bigint not null references app.users on delete restrict,
  reason text,
  undoes_id bigint references app.bulk_changes on delete restrict,
  created_at timestamptz not null default now(),
  constraint bulk_changes_undoes_id_key unique (undoes_id)
);
create index bulk_changes_user_id_idx on app.bulk_changes (user_id);
comment on table app.bulk_changes is
  'One row per change of many records at once. undoes_id: the change that this one took back; each can be taken back once. Append-only for every login but the owner.';

alter table app.audit_entries add column bulk_id bigint references app.bulk_changes on delete restrict;
create index audit_entries_bulk_id_idx on app.audit_entries (bulk_id) where bulk_id is not null;
create index audit_entries_deleted_idx on app.audit_entries (resource, id) where action = 'delete';
comment on column app.audit_entries.bulk_id is 'The change of many records that this one was part of.';
