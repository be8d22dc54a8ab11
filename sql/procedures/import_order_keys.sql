create function ops.import_order_keys(batch bigint)
returns void
language plpgsql
volatile
as $$
begin
  update app.import_order_lines
  set order_external_id = keys.digest || '-' || keys.occurrence
  from (
    select
      digests.row_no,
      digests.digest,
      row_number() over (partition by digests.digest order by digests.row_no) as occurrence
    from (
      select
        import_order_lines.row_no,
        md5(concat_ws(
          chr(31),
          import_order_lines.kind,
          import_order_lines.customer_external_id,
          extract(epoch from import_order_lines.placed_at),
          import_order_lines.sku,
          import_order_lines.quantity,
          import_order_lines.unit_price,
          import_order_lines.amount
        )) as digest
      from app.import_order_lines
      where import_order_lines.batch_id = import_order_keys.batch
        and import_order_lines.order_external_id is null
        and import_order_lines.kind in ('row', 'return')
    ) as digests
  ) as keys
  where import_order_lines.batch_id = import_order_keys.batch
    and import_order_lines.row_no = keys.row_no;

  -- An order is taken whole or not at all.
  update app.import_order_lines
  set kind = 'beside_wrong'
  where import_order_lines.batch_id = import_order_keys.batch
    and import_order_lines.kind in ('row', 'return')
    and import_order_lines.order_external_id in (
      select wrong_lines.order_external_id
      from app.import_order_lines as wrong_lines
      where wrong_lines.batch_id = import_order_keys.batch
        and wrong_lines.kind = 'wrong'
    );
end;
$$;

comment on function ops.import_order_keys(bigint) is
  'Gives file rows without an order id one made of what they say and how many equal rows came before: the same file again, sorted
otherwise or continued, gives the same ids. Then takes out the lines whose order has a wrong one.';
