create view base.order_lines as

select
  -- One number for a line, as every record has: an order has fewer than 100,000 lines.
  order_lines.order_id * 100000 + order_lines.line_no as id,
  order_lines.customer_id,
  order_lines.order_id,
  order_lines.line_no,
  order_lines.product_id,
  order_lines.sku,
  order_lines.description,
  order_lines.quantity,
  order_lines.unit_price,
  order_lines.amount
from app.order_lines;

comment on view base.order_lines is
  'Lines of orders
One row per line of an order, cancelled orders included.';
