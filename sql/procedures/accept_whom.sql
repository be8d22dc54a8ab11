-- A return of an order that is here is money of the books, whoever asks for it.
create function ops.accept_whom(batch bigint)
returns void
language plpgsql
volatile
as $$
begin
  if exists (select from app.customers where customers.merged_into_id is not null) then
    update app.import_orders
    set customer_external_id = survivors.external_id
    from app.customers as merged
    inner join app.customers as survivors
      on survivors.id = merged.merged_into_id
    where import_orders.batch_id = accept_whom.batch
      and import_orders.answer is null
      and merged.external_id = import_orders.customer_external_id;

    update app.import_returns
    set customer_external_id = survivors.external_id
    from app.customers as merged
    inner join app.customers as survivors
      on survivors.id = merged.merged_into_id
    where import_returns.batch_id = accept_whom.batch
      and import_returns.answer is null
      and merged.external_id = import_returns.customer_external_id;
  end if;

  if exists (select from app.erased_codes) then
    update app.import_orders
    set
      answer = 'rejected',
      refusal = 'customer_erased',
      refusal_field = 'customer_external_id'
    from app.erased_codes
    where import_orders.batch_id = accept_whom.batch
      and import_orders.answer is null
      and erased_codes.code_hash = sha256(convert_to(import_orders.customer_external_id, 'UTF8'));

    update app.import_returns
    set
      customer_external_id = customers.external_id,
      answer = case when import_returns.order_external_id is null then 'rejected' end,
      refusal = case when import_returns.order_external_id is null then 'customer_erased' end,
      refusal_field = case when import_returns.order_external_id is null then 'customer_external_id' end
    from app.erased_codes
    inner join app.customers
      on customers.id = erased_codes.customer_id
    where import_returns.batch_id = accept_whom.batch
      and import_returns.answer is null
      and erased_codes.code_hash = sha256(convert_to(import_returns.customer_external_id, 'UTF8'));
  end if;
end;
$$;

comment on function ops.accept_whom(bigint) is
  'Orders and returns of a batch that name the code of a customer who was merged are of whoever that turned out to be; those that
name the code of somebody whose personal data was removed are refused.';
