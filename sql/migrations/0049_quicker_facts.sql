-- Whoever brings in facts asks for the ids of many customers: the index answers alone, without their rows.
alter table app.customers add constraint customers_external_id_with_id unique (external_id) include (id);
alter table app.customers drop constraint customers_external_id_key;
alter table app.customers rename constraint customers_external_id_with_id to customers_external_id_key;

-- A fact in the inbox is noted in the transaction that writes the fact, which has a key to its customer already.
alter table app.inbox drop constraint inbox_customer_id_fkey;

create function app.forget_noted_facts()
returns trigger
language plpgsql
as $$
begin
  delete from app.inbox
  using gone
  where inbox.customer_id = gone.id;
  return null;
end;
$$;
create trigger customers_forget_noted_facts after delete on app.customers
  referencing old table as gone for each statement execute function app.forget_noted_facts();
