create function ops.engine_basis(customer bigint, order_no bigint, scope text, categories text[], products bigint[])
returns numeric
language sql
stable
begin atomic
  select
    coalesce(
      round(
        orders.amount * sum(order_lines.amount) filter (
          where (scope = 'categories' and products_bought.category = any (categories))
            or (scope = 'products' and order_lines.product_id = any (engine_basis.products))
        )
        / nullif(sum(order_lines.amount), 0),
        2
      ),
      0
    )
  from app.orders
  inner join app.order_lines
    on order_lines.customer_id = orders.customer_id
    and order_lines.order_id = orders.id
  left join app.products as products_bought
    on products_bought.id = order_lines.product_id
  where orders.customer_id = customer
    and orders.id = order_no
  group by orders.amount;
end;

comment on function ops.engine_basis(bigint, bigint, text, text[], bigint[]) is
  'What was paid for the lines of an order that a rule is about: their share of the order after its discount; null or 0 when none is.';
