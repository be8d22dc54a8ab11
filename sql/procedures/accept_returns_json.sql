create function ops.accept_returns_json(fact_source text, body jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  batch bigint := -(pg_current_xact_id()::text::bigint);
  answers jsonb;
begin
  insert into app.import_returns (
    batch_id, item_no, external_id, order_external_id, customer_external_id, line_no, sku, quantity, amount, returned_at, reason
  )
  select
    batch,
    items.item_no,
    item.external_id,
    item.order_external_id,
    item.customer_external_id,
    item.line_no,
    item.sku,
    item.quantity,
    item.amount,
    item.returned_at,
    item.reason
  from jsonb_array_elements(accept_returns_json.body) with ordinality as items (value, item_no)
  cross join jsonb_to_record(items.value) as item (
    external_id text, order_external_id text, customer_external_id text, line_no integer, sku text, quantity integer,
    amount numeric, returned_at timestamptz, reason text
  );

  perform ops.accept_returns(batch, accept_returns_json.fact_source, 'upsert', true);

  select jsonb_agg(
    jsonb_build_object(
      'external_id', import_returns.external_id,
      'status', import_returns.answer,
      'id', import_returns.return_id,
      'order_id', import_returns.order_id,
      'amount', case when import_returns.answer = 'accepted' then import_returns.amount::text end,
      'reason', import_returns.refusal,
      'field', import_returns.refusal_field,
      'params', import_returns.refusal_params,
      'differs', import_returns.differs
    )
    order by import_returns.item_no
  )
  into answers
  from app.import_returns
  where import_returns.batch_id = batch;

  delete from app.import_returns
  where import_returns.batch_id = batch;

  return answers;
end;
$$;

comment on function ops.accept_returns_json(text, jsonb) is
  'Accepts an array of returns, already checked for shape, and returns one answer per return, in the same order.';
