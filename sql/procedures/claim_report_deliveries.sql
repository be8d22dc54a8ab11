-- As with messages: whoever sends takes some, and what was in the hands of a process that ended is due again after a while.
create function ops.claim_report_deliveries(how_many integer, at timestamptz)
returns table (id bigint, attempt integer, health_report_id bigint, email text, lang text)
language plpgsql
volatile
as $$
#variable_conflict use_column
begin
  return query
  with picked as (
    select report_deliveries.id
    from app.report_deliveries
    where report_deliveries.due_at <= claim_report_deliveries.at
    order by report_deliveries.due_at, report_deliveries.id
    limit how_many
    for update skip locked
  )

  update app.report_deliveries
  set
    attempts = report_deliveries.attempts + 1,
    due_at = claim_report_deliveries.at + interval '5 minutes'
  from picked
  inner join app.report_subscriptions
    on true
  where report_deliveries.id = picked.id
    and report_subscriptions.id = report_deliveries.subscription_id
  returning
    report_deliveries.id,
    report_deliveries.attempts,
    report_deliveries.health_report_id,
    report_deliveries.email,
    report_subscriptions.lang;
end;
$$;

comment on function ops.claim_report_deliveries(integer, timestamptz) is
  'Takes e-mails of health reports that are due, to be sent now by whoever calls, and by nobody else for a while.';
