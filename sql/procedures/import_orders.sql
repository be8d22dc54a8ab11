create function ops.import_orders(import_id bigint)
returns jsonb
language plpgsql
volatile
as $$
declare
  batch bigint := import_orders.import_id;
  fact_source text;
  mode text;
  dry boolean;
begin
  select
    coalesce(imports.mapping -> 'constants' ->> 'source', 'file'),
    imports.mode,
    imports.state = 'checking'
  into fact_source, mode, dry
  from app.imports
  where imports.id = batch;

  perform ops.import_analyze();
  perform ops.import_order_lines_check(batch);
  perform ops.import_order_keys(batch);
  perform ops.import_orders_group(batch);
  perform ops.import_returns_group(batch);
  perform ops.import_analyze();
  perform ops.accept_orders(batch, fact_source, mode, true, dry);
  perform ops.accept_returns(batch, fact_source, mode, true);
  return ops.import_orders_summary(batch);
end;
$$;

comment on function ops.import_orders(bigint) is
  'Turns the staged lines of an order file into orders and returns, and says what became of them. The caller''s transaction decides
whether it was a check or the real thing; of an import that is being checked, little is written that would be rolled back.';
