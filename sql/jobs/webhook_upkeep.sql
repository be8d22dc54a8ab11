-- every: 20 4 * * *
-- label: 清理 Webhook 记录 | Upkeep of webhook deliveries
create function ops.webhook_upkeep(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  gone bigint;
begin
  delete from app.webhook_deliveries
  where webhook_deliveries.due_at is null
    and webhook_deliveries.recorded_at < as_of - 90;
  get diagnostics gone = row_count;
  return gone;
end;
$$;

comment on function ops.webhook_upkeep(date) is 'Removes deliveries that ended and are older than 90 days.';
