create function ops.accept_orders_store(batch bigint, fact_source text, zone text, dry boolean)
returns void
language plpgsql
volatile
as $$
begin
  insert into app.orders (
    customer_id, id, source, external_id, channel, status, placed_at, placed_on, paid_at, completed_at,
    discount_amount, amount, coupon_code, campaign_code, referrer_code
  )
  select
    import_orders.customer_id,
    import_orders.order_id,
    accept_orders_store.fact_source,
    import_orders.external_id,
    import_orders.channel,
    import_orders.status,
    import_orders.placed_at,
    (import_orders.placed_at at time zone accept_orders_store.zone)::date,
    import_orders.paid_at,
    import_orders.completed_at,
    import_orders.discount_amount,
    import_orders.lines_amount - import_orders.discount_amount,
    import_orders.coupon_code,
    import_orders.campaign_code,
    import_orders.referrer_code
  from app.import_orders
  where import_orders.batch_id = accept_orders_store.batch
    and import_orders.answer = 'accepted'
    and (
      not accept_orders_store.dry
      or import_orders.external_id in (
        select import_returns.order_external_id
        from app.import_returns
        where import_returns.batch_id = accept_orders_store.batch

        union all

        select waiting_returns.order_external_id
        from app.waiting_returns
        where waiting_returns.source = accept_orders_store.fact_source
      )
    )
  order by import_orders.customer_id, import_orders.order_id;

  insert into app.order_lines (
    customer_id, order_id, line_no, product_id, sku, description, quantity, unit_price, amount
  )
  select
    import_orders.customer_id,
    import_orders.order_id,
    row_number() over (partition by import_orders.order_id order by import_order_lines.row_no),
    products.id,
    coalesce(import_order_lines.sku, '(none)'),
    import_order_lines.description,
    coalesce(import_order_lines.quantity, 1),
    coalesce(
      import_order_lines.unit_price,
      round(import_order_lines.amount / coalesce(import_order_lines.quantity, 1), 4)
    ),
    coalesce(
      import_order_lines.amount,
      round(coalesce(import_order_lines.quantity, 1) * import_order_lines.unit_price, 2)
    )
  from app.import_orders
  inner join app.import_order_lines
    on import_order_lines.batch_id = import_orders.batch_id
    and import_order_lines.order_external_id = import_orders.external_id
    and import_order_lines.kind = 'row'
    and (not import_orders.by_item or import_order_lines.item_no = import_orders.item_no)
  left join app.products
    on products.external_id = import_order_lines.sku
  where import_orders.batch_id = accept_orders_store.batch
    and import_orders.answer = 'accepted'
    and (
      not accept_orders_store.dry
      or import_orders.external_id in (
        select import_returns.order_external_id
        from app.import_returns
        where import_returns.batch_id = accept_orders_store.batch

        union all

        select waiting_returns.order_external_id
        from app.waiting_returns
        where waiting_returns.source = accept_orders_store.fact_source
      )
    );
end;
$$;

comment on function ops.accept_orders_store(bigint, text, text, boolean) is
  'Writes the orders of a batch that were claimed, with their lines. The amount of an order is the sum of its lines, each rounded
to the cent, less its discount; a line that names its amount needs no unit price, one without a quantity is of one piece.
A dry one leaves out what would be rolled back unread: all orders but those that a return of the batch or a waiting one names.';
