create function ops.lock_account(customer bigint)
returns void
language plpgsql
volatile
as $$
begin
  insert into app.points_accounts (customer_id)
  values (customer)
  on conflict (book_id, customer_id) do nothing;

  perform
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id = customer
  for update;

  -- Whoever merges holds the account: what was asked of it meanwhile is asked of somebody else now.
  if exists (select from app.customers where customers.id = customer and customers.merged_into_id is not null) then
    raise exception '该客户刚刚被合并，请重试 | The customer was merged just now; try again' using errcode = 'EG409', detail = 'customer_merged_now';
  end if;
end;
$$;

comment on function ops.lock_account(bigint) is
  'Makes sure that the customer has a points account, and holds it until the transaction ends. Refuses who was merged.';
