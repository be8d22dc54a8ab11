-- every: 50 2 * * *
-- label: 关联订单行与商品 | Link order lines to products
-- A product and a line that sells it may come in at the same moment without seeing each other, and a product may be given
-- another code: what the insert of products did not find is found here.
create function ops.link_order_lines(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  linked bigint;
begin
  update app.order_lines
  set product_id = products.id
  from app.products
  where order_lines.product_id is null
    and order_lines.sku = products.external_id;
  get diagnostics linked = row_count;
  return linked;
end;
$$;

comment on function ops.link_order_lines(date) is
  'Gives lines without a product the one that carries their code. Returns how many.';
