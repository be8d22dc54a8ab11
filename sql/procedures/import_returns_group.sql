create function ops.import_returns_group(batch bigint)
returns void
language sql
volatile
begin atomic
  insert into app.import_returns (
    batch_id, item_no, external_id, order_external_id, customer_external_id, customer_name, region, amount, returned_at,
    answer, refusal, refusal_field
  )
  select
    import_returns_group.batch,
    min(import_order_lines.row_no),
    import_order_lines.order_external_id,
    min(import_order_lines.returned_order_external_id),
    min(import_order_lines.customer_external_id),
    min(import_order_lines.customer_name),
    min(import_order_lines.region),
    sum(abs(coalesce(
      import_order_lines.amount,
      round(coalesce(import_order_lines.quantity, 1) * import_order_lines.unit_price, 2)
    ))),
    min(import_order_lines.placed_at),
    case
      when min(import_order_lines.customer_external_id) <> max(import_order_lines.customer_external_id) then 'rejected'
    end,
    case
      when min(import_order_lines.customer_external_id) <> max(import_order_lines.customer_external_id) then 'customers_differ'
    end,
    case
      when min(import_order_lines.customer_external_id) <> max(import_order_lines.customer_external_id)
        then 'customer_external_id'
    end
  from app.import_order_lines
  where import_order_lines.batch_id = import_returns_group.batch
    and import_order_lines.kind = 'return'
  group by import_order_lines.order_external_id;
end;

comment on function ops.import_returns_group(bigint) is
  'Puts the staged return lines of a file together: one return per document, worth the sum of its lines, whose sign does not matter.';
