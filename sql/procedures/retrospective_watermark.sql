create function ops.retrospective_watermark()
returns jsonb
language sql
stable
begin atomic
  select jsonb_build_object(
    'orders', (select max(orders.id) from app.orders),
    'returns', (select max(returns.id) from app.returns),
    'events', (select max(events.id) from app.events)
  );
end;

comment on function ops.retrospective_watermark() is 'How far the facts had come in, by their numbers: what comes later has a greater one.';
