create function ops.accept_events_known(batch bigint, fact_source text)
returns void
language plpgsql
volatile
as $$
begin
  update app.import_events
  set
    answer = 'replayed',
    event_id = fact_keys.fact_id,
    differs = fact_keys.digest is distinct from import_events.digest
  from app.fact_keys
  where import_events.batch_id = accept_events_known.batch
    and import_events.answer is null
    and fact_keys.source = accept_events_known.fact_source
    and fact_keys.kind = 'event'
    and fact_keys.external_id = import_events.external_id;
end;
$$;

comment on function ops.accept_events_known(bigint, text) is
  'Answers the events of a batch whose key is taken: they are replays, whatever else they say now.';
