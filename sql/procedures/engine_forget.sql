-- Runs as the owner: the app may add to the ledger and nothing else. The real book is refused.
create function ops.engine_forget(book bigint)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  customers bigint[];
begin
  if book is null or book = 0 then
    raise exception 'The real book is never forgotten.';
  end if;

  select array_agg(points_accounts.customer_id)
  into customers
  from app.points_accounts
  where points_accounts.book_id = book;

  delete from app.points_entries
  where points_entries.customer_id = any (customers)
    and points_entries.book_id = book;

  delete from app.decisions
  where decisions.customer_id = any (customers)
    and decisions.book_id = book;

  delete from app.points_allocations
  where points_allocations.customer_id = any (customers)
    and points_allocations.book_id = book;

  delete from app.points_lots
  where points_lots.customer_id = any (customers)
    and points_lots.book_id = book;

  delete from app.tier_stays
  where tier_stays.customer_id = any (customers)
    and tier_stays.book_id = book;

  delete from app.tier_states
  where tier_states.customer_id = any (customers)
    and tier_states.book_id = book;

  delete from app.points_accounts
  where points_accounts.book_id = book;
end;
$$;

comment on function ops.engine_forget(bigint) is
  'Removes the workings of one book other than the real one.';
