create function ops.import_orders_group(batch bigint)
returns void
language plpgsql
volatile
as $$
begin
  insert into app.import_orders (
    batch_id, item_no, external_id, by_item, customer_external_id, customer_name, region, channel, status,
    placed_at, paid_at, completed_at, line_count, lines_amount, discount_amount,
    coupon_code, campaign_code, referrer_code, digest, answer, refusal, refusal_field
  )
  with ranked as (
    select
      import_order_lines.*,
      coalesce(
        import_order_lines.amount,
        round(coalesce(import_order_lines.quantity, 1) * import_order_lines.unit_price, 2)
      ) as line_amount,
      case import_order_lines.status
        when 'placed' then 0
        when 'completed' then 2
        when 'cancelled' then 3
        else 1
      end as status_rank
    from app.import_order_lines
    where import_order_lines.batch_id = import_orders_group.batch
      and import_order_lines.kind = 'row'
  ),
  grouped as (
    select
      ranked.order_external_id,
      coalesce(ranked.item_no, min(ranked.row_no)) as item_no,
      ranked.item_no is not null as by_item,
      min(ranked.customer_external_id) as customer_external_id,
      max(ranked.customer_external_id) as other_customer_external_id,
      min(ranked.customer_name) as customer_name,
      min(ranked.region) as region,
      coalesce(min(ranked.channel), 'online') as channel,
      (array['placed', 'paid', 'completed', 'cancelled'])[max(ranked.status_rank) + 1] as status,
      min(ranked.placed_at) as placed_at,
      min(ranked.paid_at) as paid_at,
      min(ranked.completed_at) as completed_at,
      count(*) as line_count,
      sum(ranked.line_amount) as lines_amount,
      coalesce(max(ranked.discount_amount), 0) as discount_amount,
      min(ranked.coupon_code) as coupon_code,
      min(ranked.campaign_code) as campaign_code,
      min(ranked.referrer_code) as referrer_code,
      -- A sum, so that the order of the lines does not matter.
      sum(hashtextextended(concat_ws(chr(31), ranked.sku, ranked.quantity, ranked.line_amount), 0)) as lines_hash
    from ranked
    group by ranked.order_external_id, ranked.item_no
  )
  select
    import_orders_group.batch,
    grouped.item_no,
    grouped.order_external_id,
    grouped.by_item,
    grouped.customer_external_id,
    grouped.customer_name,
    grouped.region,
    grouped.channel,
    grouped.status,
    grouped.placed_at,
    grouped.paid_at,
    grouped.completed_at,
    grouped.line_count,
    grouped.lines_amount,
    grouped.discount_amount,
    grouped.coupon_code,
    grouped.campaign_code,
    grouped.referrer_code,
    md5(concat_ws(
      chr(31),
      grouped.customer_external_id,
      'channel', grouped.channel,
      'at', extract(epoch from grouped.placed_at),
      'discount', grouped.discount_amount,
      'coupon', grouped.coupon_code,
      'campaign', grouped.campaign_code,
      'referrer', grouped.referrer_code,
      'lines', grouped.lines_hash
    ))::uuid,
    case when grouped.customer_external_id <> grouped.other_customer_external_id then 'rejected' end,
    case when grouped.customer_external_id <> grouped.other_customer_external_id then 'customers_differ' end,
    case when grouped.customer_external_id <> grouped.other_customer_external_id then 'customer_external_id' end
  from grouped;
end;
$$;

comment on function ops.import_orders_group(bigint) is
  'Puts the staged lines of a batch together into orders. Lines of a file that carry one order id are one order: the earliest time
counts, the furthest status, the discount once; two customers in one order are an error.';
