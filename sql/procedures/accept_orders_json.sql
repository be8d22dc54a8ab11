create function ops.accept_orders_json(fact_source text, body jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  batch bigint := -(pg_current_xact_id()::text::bigint);
  answers jsonb;
begin
  insert into app.import_order_lines (
    batch_id, item_no, row_no, kind, order_external_id, customer_external_id, customer_name, region, channel, status,
    placed_at, paid_at, completed_at, sku, description, quantity, unit_price, amount, discount_amount,
    coupon_code, campaign_code, referrer_code
  )
  select
    batch,
    items.item_no,
    lines.line_no,
    'row',
    item.external_id,
    item.customer_external_id,
    item.customer_name,
    item.region,
    item.channel,
    item.status,
    item.placed_at,
    item.paid_at,
    item.completed_at,
    line.sku,
    line.description,
    line.quantity,
    line.unit_price,
    line.amount,
    item.discount_amount,
    item.coupon_code,
    item.campaign_code,
    item.referrer_code
  from jsonb_array_elements(accept_orders_json.body) with ordinality as items (value, item_no)
  cross join jsonb_to_record(items.value) as item (
    external_id text, customer_external_id text, customer_name text, region text, channel text, status text,
    placed_at timestamptz, paid_at timestamptz, completed_at timestamptz, discount_amount numeric,
    coupon_code text, campaign_code text, referrer_code text
  )
  cross join jsonb_array_elements(items.value -> 'lines') with ordinality as lines (value, line_no)
  cross join jsonb_to_record(lines.value) as line (
    sku text, description text, quantity integer, unit_price numeric, amount numeric
  );

  perform ops.import_orders_group(batch);
  perform ops.accept_orders(batch, accept_orders_json.fact_source, 'upsert', true);

  select jsonb_agg(
    jsonb_build_object(
      'external_id', import_orders.external_id,
      'status', import_orders.answer,
      'id', import_orders.order_id,
      'reason', import_orders.refusal,
      'field', import_orders.refusal_field,
      'differs', import_orders.differs,
      'advanced', import_orders.advanced
    )
    order by import_orders.item_no
  )
  into answers
  from app.import_orders
  where import_orders.batch_id = batch;

  delete from app.import_order_lines
  where import_order_lines.batch_id = batch;

  delete from app.import_orders
  where import_orders.batch_id = batch;

  return answers;
end;
$$;

comment on function ops.accept_orders_json(text, jsonb) is
  'Accepts an array of orders with lines, already checked for shape, and returns one answer per order, in the same order.';
