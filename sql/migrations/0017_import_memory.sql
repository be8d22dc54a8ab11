-- What an import would change, and the mapping that somebody used last for files with the same headers.

alter table app.imports
add column preview jsonb not null default '[]';

create table app.import_memory (
  user_id bigint not null references app.users on delete cascade,
  resource text not null,
  headers_hash text not null,
  mapping jsonb not null,
  used_at timestamptz not null default now(),
  primary key (user_id, resource, headers_hash)
);
comment on table app.import_memory is
  'The mapping a person used last for files of a resource with exactly these headers.';
