create view base.points_accounts as
select
  points_accounts.customer_id as id,
  points_accounts.customer_id,
  points_accounts.available - points_accounts.debt as balance,
  points_accounts.pending,
  points_accounts.available,
  points_accounts.reserved,
  points_accounts.spent,
  points_accounts.expired,
  points_accounts.reversed,
  points_accounts.debt,
  points_accounts.written_off,
  points_accounts.growth,
  points_accounts.last_at,
  points_accounts.due_at
from app.points_accounts
where points_accounts.book_id = 0;

comment on view base.points_accounts is
  'Points accounts
One row per customer with a fact: the sums of the lots; balance is what is available less what is owed.';
