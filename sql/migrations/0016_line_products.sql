-- Lines may be older than the product they sold: they find it when it comes.

drop index app.order_lines_product_id_idx;
create index order_lines_product_id_idx on app.order_lines (product_id) where product_id is not null;
create index order_lines_unknown_sku_idx on app.order_lines (sku) where product_id is null;

create function app.link_order_lines()
returns trigger
language plpgsql
as $$
begin
  update app.order_lines
  set product_id = new_products.id
  from new_products
  where order_lines.product_id is null
    and order_lines.sku = new_products.external_id;
  return null;
end;
$$;
comment on function app.link_order_lines() is
  'Gives lines that have no product the new ones that carry their code, all at once. Lines that were coming in at the same moment are found by the job of the same name.';

create trigger products_link_order_lines
  after insert on app.products
  referencing new table as new_products
  for each statement
  execute function app.link_order_lines();

update app.order_lines
set product_id = products.id
from app.products
where order_lines.product_id is null
  and order_lines.sku = products.external_id;
