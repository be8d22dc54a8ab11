create function ops.import_orders_summary(batch bigint)
returns jsonb
language sql
stable
begin atomic
  with orders as (
    select
      import_orders.*
    from app.import_orders
    where import_orders.batch_id = import_orders_summary.batch
  ),
  returns as (
    select
      import_returns.*
    from app.import_returns
    where import_returns.batch_id = import_orders_summary.batch
  ),
  refused as (
    select
      import_order_lines.row_no,
      coalesce(import_order_lines.refusal_field, 'order_external_id') as field,
      coalesce(import_order_lines.refusal, 'order_has_wrong_line') as key,
      null::jsonb as params
    from app.import_order_lines
    where import_order_lines.batch_id = import_orders_summary.batch
      and (import_order_lines.kind = 'beside_wrong' or import_order_lines.refusal is not null)

    union all

    select
      import_order_lines.row_no,
      orders.refusal_field,
      orders.refusal,
      null
    from orders
    inner join app.import_order_lines
      on import_order_lines.batch_id = import_orders_summary.batch
      and import_order_lines.kind = 'row'
      and import_order_lines.order_external_id = orders.external_id
    where orders.answer = 'rejected'

    union all

    select
      import_order_lines.row_no,
      returns.refusal_field,
      returns.refusal,
      returns.refusal_params
    from returns
    inner join app.import_order_lines
      on import_order_lines.batch_id = import_orders_summary.batch
      and import_order_lines.kind = 'return'
      and import_order_lines.order_external_id = returns.external_id
    where returns.answer = 'rejected'
  ),
  shown as (
    select
      refused.*
    from refused
    order by refused.row_no
    limit 100000
  ),
  order_counts as (
    select
      count(*) filter (where orders.answer = 'accepted') as accepted,
      count(*) filter (where orders.advanced) as advanced,
      count(*) filter (where orders.answer = 'replayed' and orders.differs) as differing,
      coalesce(sum(orders.line_count) filter (where orders.answer = 'accepted'), 0) as accepted_rows,
      coalesce(sum(orders.line_count) filter (where orders.advanced), 0) as advanced_rows,
      coalesce(sum(orders.line_count) filter (where orders.answer = 'replayed' and not orders.advanced), 0) as replayed_rows,
      coalesce(sum(orders.line_count) filter (where orders.answer = 'skipped'), 0) as skipped_rows
    from orders
  ),
  return_counts as (
    select
      count(*) filter (where returns.answer in ('accepted', 'waiting_for_order')) as accepted,
      count(*) filter (where returns.answer = 'waiting_for_order') as waiting,
      count(*) filter (where returns.answer = 'replayed' and returns.differs) as differing
    from returns
  ),
  return_rows as (
    select
      count(*) filter (where returns.answer in ('accepted', 'waiting_for_order')) as accepted,
      count(*) filter (where returns.answer = 'replayed') as replayed,
      count(*) filter (where returns.answer = 'skipped') as skipped
    from returns
    inner join app.import_order_lines
      on import_order_lines.batch_id = import_orders_summary.batch
      and import_order_lines.kind = 'return'
      and import_order_lines.order_external_id = returns.external_id
  )
  select jsonb_build_object(
    'created', order_counts.accepted_rows + return_rows.accepted,
    'updated', order_counts.advanced_rows,
    'unchanged', order_counts.replayed_rows + return_rows.replayed,
    'skipped', order_counts.skipped_rows + return_rows.skipped,
    'wrong', (select count(distinct refused.row_no) from refused),
    'errors', coalesce(
      (
        select jsonb_agg(jsonb_build_array(shown.row_no, shown.field, shown.key, shown.params) order by shown.row_no)
        from shown
      ),
      '[]'
    ),
    'counts', jsonb_build_object(
      'orders', order_counts.accepted,
      'lines', order_counts.accepted_rows,
      'orders_updated', order_counts.advanced,
      'returns', return_counts.accepted,
      'returns_waiting', return_counts.waiting,
      'differing', order_counts.differing + return_counts.differing
    )
  )
  from order_counts
  cross join return_counts
  cross join return_rows;
end;

comment on function ops.import_orders_summary(bigint) is
  'What became of a staged file of orders: how many of its rows came in, changed something, were known, left out or refused; the orders,
lines and returns these made; and [row, field, reason, parameters] for the first 100,000 rows that were refused.';
