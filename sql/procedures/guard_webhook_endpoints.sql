create function ops.guard_webhook_endpoints(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language sql
volatile
begin atomic
  delete from app.sealed_secrets
  where after is null
    and sealed_secrets.kind = 'webhook_endpoints'
    and sealed_secrets.record_id = guard_webhook_endpoints.record_id;
end;

comment on function ops.guard_webhook_endpoints(bigint, bigint, jsonb, jsonb) is 'The secrets of an endpoint go with it.';
