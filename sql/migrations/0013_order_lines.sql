-- A foreign key looks up each line's order: for lines that are written with their order, a sixth of an import for nothing.

alter table app.order_lines drop constraint order_lines_customer_id_order_id_fkey;

create function app.delete_order_lines()
returns trigger
language plpgsql
as $$
begin
  delete from app.order_lines
  using deleted_orders
  where order_lines.customer_id = deleted_orders.customer_id
    and order_lines.order_id = deleted_orders.id;
  return null;
end;
$$;
comment on function app.delete_order_lines() is 'Deletes the lines of deleted orders, all at once.';

create trigger orders_delete_order_lines
  after delete on app.orders
  referencing old table as deleted_orders
  for each statement
  execute function app.delete_order_lines();

comment on table app.order_lines is
  'Lines of orders; amount = quantity x unit price, rounded to the cent. Written in the transaction of their order, from its own row, and deleted with it: hence without a foreign key to it.';
