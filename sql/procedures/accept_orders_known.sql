create function ops.accept_orders_known(batch bigint, fact_source text, mode text)
returns void
language plpgsql
volatile
as $$
begin
  update app.import_orders
  set
    answer = case when accept_orders_known.mode = 'insert' then 'rejected' else 'replayed' end,
    refusal = case when accept_orders_known.mode = 'insert' then 'already_there' end,
    refusal_field = case when accept_orders_known.mode = 'insert' then 'order_external_id' end,
    customer_id = fact_keys.customer_id,
    order_id = fact_keys.fact_id,
    differs = fact_keys.digest is distinct from import_orders.digest
  from app.fact_keys
  where import_orders.batch_id = accept_orders_known.batch
    and import_orders.answer is null
    and fact_keys.source = accept_orders_known.fact_source
    and fact_keys.kind = 'order'
    and fact_keys.external_id = import_orders.external_id;
end;
$$;

comment on function ops.accept_orders_known(bigint, text, text) is
  'Answers the orders of a batch whose key is taken: they are replays, whatever else they say now. Mode insert refuses them.';
