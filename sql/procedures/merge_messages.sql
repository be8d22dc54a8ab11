-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_messages(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- Consent, quiet hours and caps are asked again when it is sent: those of the survivor.
  update app.messages
  set customer_id = survivor
  where messages.customer_id = duplicate;

  update app.message_links
  set customer_id = survivor
  where message_links.customer_id = duplicate;

  update app.webhook_deliveries
  set customer_id = survivor
  where webhook_deliveries.customer_id = duplicate;
end;
$$;

comment on function ops.merge_messages(bigint, bigint) is
  'Messages of the duplicate, sent or still to be sent, become the survivor''s.';
