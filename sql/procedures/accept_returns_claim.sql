create function ops.accept_returns_claim(batch bigint, this_round integer, fact_source text, given_answer text)
returns void
language plpgsql
volatile
as $$
begin
  -- As with orders: whose drawn id stands under the key afterwards owns the fact. One that waited has owned it since it came.
  update app.import_returns
  set return_id = nextval('app.returns_id_seq')
  where import_returns.batch_id = accept_returns_claim.batch
    and import_returns.round = accept_returns_claim.this_round
    and import_returns.answer is null
    and not import_returns.claimed;

  insert into app.fact_keys (source, kind, external_id, customer_id, fact_id, digest, answer)
  select
    accept_returns_claim.fact_source,
    'return',
    import_returns.external_id,
    coalesce(import_returns.customer_id, 0),
    import_returns.return_id,
    import_returns.digest,
    jsonb_build_object('status', accept_returns_claim.given_answer, 'amount', import_returns.amount::text)
  from app.import_returns
  where import_returns.batch_id = accept_returns_claim.batch
    and import_returns.round = accept_returns_claim.this_round
    and import_returns.answer is null
    and not import_returns.claimed
  order by import_returns.external_id, import_returns.item_no
  on conflict (source, kind, external_id) do nothing;

  update app.import_returns
  set answer = accept_returns_claim.given_answer
  from app.fact_keys
  where import_returns.batch_id = accept_returns_claim.batch
    and import_returns.round = accept_returns_claim.this_round
    and import_returns.answer is null
    and fact_keys.source = accept_returns_claim.fact_source
    and fact_keys.kind = 'return'
    and fact_keys.external_id = import_returns.external_id
    and fact_keys.fact_id = import_returns.return_id;
end;
$$;

comment on function ops.accept_returns_claim(bigint, integer, text, text) is
  'Claims the keys of the returns of a round and gives those that got theirs their answer: accepted, or waiting_for_order.';
