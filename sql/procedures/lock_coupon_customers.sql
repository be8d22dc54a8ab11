create function ops.lock_coupon_customers(customers bigint[])
returns void
language plpgsql
volatile
as $$
begin
  insert into app.points_accounts (customer_id)
  select distinct people.id
  from unnest(lock_coupon_customers.customers) as people (id)
  where not exists (
    select
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = people.id
  )
  order by 1
  on conflict (book_id, customer_id) do nothing;

  perform
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id = any (lock_coupon_customers.customers)
  order by points_accounts.customer_id
  for update;

  -- Whoever merges holds the accounts: what was asked of somebody meanwhile is asked of somebody else now.
  if exists (
    select
    from app.customers as people
    where people.id = any (lock_coupon_customers.customers)
      and people.merged_into_id is not null
  ) then
    raise exception 'A customer was merged meanwhile.' using errcode = 'serialization_failure';
  end if;
end;
$$;

comment on function ops.lock_coupon_customers(bigint[]) is
  'Holds the accounts of the customers, in their order, until the transaction ends: nobody else writes coupons of theirs meanwhile.';
