-- As with messages: whoever sends takes some, and what was in the hands of a process that ended is due again after a while.
create function ops.claim_subscription_deliveries(how_many integer, with_mail boolean, at timestamptz)
returns table (
  id bigint,
  attempt integer,
  change_id bigint,
  from_at timestamptz,
  until_at timestamptz,
  subscription_id bigint,
  user_id bigint,
  about text,
  target text,
  params text,
  channel text,
  endpoint_id bigint,
  frequency text,
  lang text,
  when_quiet text,
  status text
)
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  return query
  with picked as (
    select subscription_deliveries.id
    from app.subscription_deliveries
    inner join app.subscriptions
      on subscriptions.id = subscription_deliveries.subscription_id
    where subscription_deliveries.due_at <= claim_subscription_deliveries.at
      and (with_mail or subscriptions.channel <> 'email')
    order by subscription_deliveries.due_at, subscription_deliveries.id
    limit how_many
    for update of subscription_deliveries skip locked
  )

  update app.subscription_deliveries
  set
    attempts = subscription_deliveries.attempts + 1,
    due_at = claim_subscription_deliveries.at + interval '5 minutes'
  from picked
  inner join app.subscriptions
    on true
  where subscription_deliveries.id = picked.id
    and subscriptions.id = subscription_deliveries.subscription_id
  returning
    subscription_deliveries.id,
    subscription_deliveries.attempts,
    subscription_deliveries.change_id,
    subscription_deliveries.from_at,
    subscription_deliveries.until_at,
    subscriptions.id,
    subscriptions.user_id,
    subscriptions.about,
    subscriptions.target,
    subscriptions.params,
    subscriptions.channel,
    subscriptions.endpoint_id,
    subscriptions.frequency,
    subscriptions.lang,
    subscriptions.when_quiet,
    subscriptions.status;
end;
$$;

comment on function ops.claim_subscription_deliveries(integer, boolean, timestamptz) is
  'Takes what is due to subscribers, to be sent now by whoever calls, and by nobody else for a while. with_mail: there is a mail server.';
