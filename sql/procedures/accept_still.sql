-- Storing a fact has waited for whoever merged its customer at that moment (its key locks the customer).
create function ops.accept_still(customer_ids bigint[])
returns void
language plpgsql
volatile
as $$
begin
  if exists (select from app.customers where customers.merged_into_id is not null)
    and exists (
      select
      from app.customers
      where customers.id = any (customer_ids)
        and customers.merged_into_id is not null
    )
  then
    raise exception 'A customer of the batch was merged meanwhile.' using errcode = 'serialization_failure';
  end if;
end;
$$;

comment on function ops.accept_still(bigint[]) is
  'To be called when facts are stored: has the whole unit done again where their customer was merged meanwhile.';
