-- Called by ops.anonymise_customer, which runs as the owner.
create function ops.anonymise_messages(whom bigint[])
returns void
language sql
volatile
begin atomic
  update app.messages
  set
    state = case when messages.due_at is null then messages.state else 'suppressed' end,
    reason = case when messages.due_at is null then messages.reason else 'anonymised' end,
    due_at = null,
    variables = null,
    content = null,
    address = null,
    error = null,
    provider_id = null
  where messages.customer_id = any (whom);

  delete from app.webhook_deliveries
  where webhook_deliveries.customer_id = any (whom);
end;

comment on function ops.anonymise_messages(bigint[]) is
  'What was written to the customers goes, and what others were to be told of them, and what was still to be sent is not; that something was sent, when and how stays for figures.';
