create function ops.import_order_lines_check(batch bigint)
returns void
language sql
volatile
begin atomic
  with judged as (
    select
      import_order_lines.row_no,
      case
        when import_order_lines.unit_price is null and import_order_lines.amount is null then 'price_required'
        when import_order_lines.kind = 'row' and import_order_lines.quantity <= 0 then 'quantity_not_positive'
        when import_order_lines.kind = 'row' and import_order_lines.unit_price < 0 then 'price_negative'
        when import_order_lines.kind = 'row' and import_order_lines.amount < 0 then 'price_negative'
        when import_order_lines.placed_at not between '1900-01-01' and '2200-01-01' then 'out_of_range'
        when abs(import_order_lines.unit_price * coalesce(import_order_lines.quantity, 1)) >= 1000000000000
          then 'amount_too_large'
        when import_order_lines.kind = 'row' and import_order_lines.unit_price is null
          and round(import_order_lines.amount / nullif(coalesce(import_order_lines.quantity, 1), 0), 4) >= 10000000000
          then 'amount_too_large'
      end as refusal,
      case
        when import_order_lines.quantity <= 0 and import_order_lines.kind = 'row' then 'quantity'
        when import_order_lines.placed_at not between '1900-01-01' and '2200-01-01' then 'placed_at'
        when import_order_lines.amount is not null then 'amount'
        else 'unit_price'
      end as refusal_field
    from app.import_order_lines
    where import_order_lines.batch_id = import_order_lines_check.batch
      and import_order_lines.kind in ('row', 'return')
  )
  update app.import_order_lines
  set
    kind = 'wrong',
    refusal = judged.refusal,
    refusal_field = judged.refusal_field
  from judged
  where judged.refusal is not null
    and import_order_lines.batch_id = import_order_lines_check.batch
    and import_order_lines.row_no = judged.row_no;
end;

comment on function ops.import_order_lines_check(bigint) is
  'Refuses staged lines of a file that cannot be sold or returned as they stand, each with its reason.';
