-- Who writes the same again writes nothing: a day that is written twice at once has one report.
create function ops.write_health_report(reported_on date, body jsonb, wants_attention boolean)
returns table (health_report_id bigint, number integer)
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  fingerprint constant text := encode(sha256(convert_to(write_health_report.body::text, 'UTF8')), 'hex');
  before app.health_reports;
  written app.health_reports;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen health report', 0));
  select *
  into before
  from app.health_reports
  where health_reports.reported_on = write_health_report.reported_on
  order by health_reports.number desc
  limit 1;
  if before.sha256 = fingerprint then
    return;
  end if;

  insert into app.health_reports (reported_on, number, body, sha256)
  values (write_health_report.reported_on, coalesce(before.number, 0) + 1, write_health_report.body, fingerprint)
  returning * into written;

  insert into app.report_deliveries (health_report_id, subscription_id, email)
  select
    written.id,
    report_subscriptions.id,
    report_subscriptions.email
  from app.report_subscriptions
  where report_subscriptions.status = 'active'
    and (report_subscriptions.when_sent = 'always' or wants_attention)
  order by report_subscriptions.id;

  -- About nobody: the row of no customer keeps them in order.
  insert into app.webhook_deliveries (customer_id, endpoint_id, topic, occurred_at, body)
  select
    0,
    webhook_endpoints.id,
    'health.written',
    written.written_at,
    jsonb_build_object(
      'data', jsonb_build_object(
        'reported_on', written.reported_on, 'number', written.number, 'sha256', written.sha256, 'wants_attention', wants_attention,
        'report', written.body
      )
    )
  from app.webhook_endpoints
  where webhook_endpoints.topics @> array['health.written']
  order by webhook_endpoints.id;

  return query select written.id, written.number;
end;
$$;

comment on function ops.write_health_report(date, jsonb, boolean) is
  'Keeps the health report of a day, for ever, and queues it to those who asked for it; nothing where the last one of the day says the same. Returns the new one.';
