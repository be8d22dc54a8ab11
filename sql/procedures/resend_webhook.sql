create function ops.resend_webhook(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  update app.webhook_deliveries
  set
    state = 'queued',
    due_at = now(),
    attempts = 0,
    delivered_at = null,
    version = webhook_deliveries.version + 1
  where webhook_deliveries.id = record_id;
  return jsonb_build_object('message', jsonb_build_array('将再次发送', 'It will be sent again'));
end;
$$;

comment on function ops.resend_webhook(bigint, bigint, jsonb) is 'Has a delivery that arrived, or was given up, sent again, under the same number.';
