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
end;
$$;

comment on function ops.lock_account(bigint) is
  'Makes sure that the customer has a points account, and holds it until the transaction ends.';
