create function ops.accept_returns_known(batch bigint, fact_source text, mode text)
returns void
language plpgsql
volatile
as $$
begin
  update app.import_returns
  set
    answer = case when accept_returns_known.mode = 'insert' then 'rejected' else 'replayed' end,
    refusal = case when accept_returns_known.mode = 'insert' then 'already_there' end,
    refusal_field = case when accept_returns_known.mode = 'insert' then 'external_id' end,
    return_id = fact_keys.fact_id,
    differs = fact_keys.digest is distinct from import_returns.digest
  from app.fact_keys
  where import_returns.batch_id = accept_returns_known.batch
    and import_returns.answer is null
    and fact_keys.source = accept_returns_known.fact_source
    and fact_keys.kind = 'return'
    and fact_keys.external_id = import_returns.external_id;
end;
$$;

comment on function ops.accept_returns_known(bigint, text, text) is
  'Answers the returns of a batch whose key is taken: they are replays, whatever else they say now. Mode insert refuses them.';
