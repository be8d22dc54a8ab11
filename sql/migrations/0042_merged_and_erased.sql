-- Customers who turned out to be one person, and customers whose personal data is gone.

alter table app.customers drop constraint customers_status_check;
alter table app.customers add constraint customers_status_check
  check (status in ('active', 'blocked', 'merged', 'anonymised', 'anonymous'));
alter table app.customers
  add column merged_into_id bigint references app.customers on delete restrict,
  add column merged_at timestamptz,
  add column anonymised_at timestamptz;
alter table app.customers add constraint customers_merged
  check ((status = 'merged') = (merged_into_id is not null) and (merged_at is not null) = (merged_into_id is not null) and merged_into_id <> id);
create index customers_merged_into_id_idx on app.customers (merged_into_id) where merged_into_id is not null;
comment on column app.customers.merged_into_id is
  'Whoever this one turned out to be; never somebody who is merged too. What names this one''s code is theirs.';
comment on column app.customers.anonymised_at is 'When the personal data was removed, for good.';

create table app.erased_codes (
  code_hash bytea primary key,
  customer_id bigint not null references app.customers on delete cascade,
  erased_at timestamptz not null default now()
);
create index erased_codes_customer_id_idx on app.erased_codes (customer_id);
comment on table app.erased_codes is
  'SHA-256 of the codes of customers whose personal data was removed: facts and files that name one are refused, so that nobody comes back unseen. Append-only for every login but the owner.';

-- By whatever path somebody is made known: the last resort, behind the refusals that name the row.
create function app.refuse_erased_codes()
returns trigger
language plpgsql
as $$
begin
  if exists (select from app.erased_codes where erased_codes.code_hash = sha256(convert_to(new.external_id, 'UTF8'))) then
    raise exception '该客户编号的个人信息已按要求删除，不可再用 | The person behind this number was removed on request; it cannot be used again'
      using errcode = 'EG422', column = 'external_id', detail = 'customer_erased';
  end if;
  return new;
end;
$$;
create trigger refuse_erased_codes before insert on app.customers
  for each row execute function app.refuse_erased_codes();

-- Who is gone does not come back by an edit, and nobody becomes gone by one: only routines of the owner do that.
create function app.keep_gone()
returns trigger
language plpgsql
as $$
begin
  if current_user = (
    select pg_get_userbyid(pg_class.relowner)
    from pg_class
    where pg_class.oid = tg_relid
  ) then
    return new;
  end if;
  raise exception '已合并、已匿名化的客户不可更改 | A customer who was merged or anonymised cannot be changed'
    using errcode = 'EG422', column = 'status', detail = 'customer_gone';
end;
$$;
create trigger keep_gone before update on app.customers
  for each row
  when (
    old.status in ('merged', 'anonymised')
    or (new.status in ('merged', 'anonymised') and new.status <> old.status)
  )
  execute function app.keep_gone();
