create function ops.accept_returns_wait(batch bigint, fact_source text)
returns void
language plpgsql
volatile
as $$
begin
  -- Round 0 is before all rounds: nothing is priced in it.
  update app.import_returns
  set round = 0
  where import_returns.batch_id = accept_returns_wait.batch
    and import_returns.answer is null
    and import_returns.order_external_id is not null
    and import_returns.order_id is null;

  if not found then
    return;
  end if;

  perform ops.accept_returns_claim(accept_returns_wait.batch, 0, accept_returns_wait.fact_source, 'waiting_for_order');

  insert into app.waiting_returns (
    source, external_id, return_id, order_external_id, customer_external_id, line_no, sku, quantity, amount, returned_at, reason
  )
  select
    accept_returns_wait.fact_source,
    import_returns.external_id,
    import_returns.return_id,
    import_returns.order_external_id,
    import_returns.customer_external_id,
    import_returns.line_no,
    import_returns.sku,
    import_returns.quantity,
    import_returns.amount,
    import_returns.returned_at,
    import_returns.reason
  from app.import_returns
  where import_returns.batch_id = accept_returns_wait.batch
    and import_returns.answer = 'waiting_for_order';
end;
$$;

comment on function ops.accept_returns_wait(bigint, text) is
  'Claims and keeps the returns of a batch whose order is not here yet. Their id is final, so that the answer given now stays true.';
