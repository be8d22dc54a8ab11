create function ops.note_report_delivery(delivery bigint, attempt integer, outcome text, at timestamptz, said text)
returns text
language sql
volatile
begin atomic
  update app.report_deliveries
  set
    state = case
      when outcome = 'sent' then 'sent'
      when outcome = 'refused' or report_deliveries.attempts >= 8 then 'failed'
      else 'queued'
    end,
    -- A minute, two, four …: the last attempt is some two hours after the first.
    due_at = case
      when outcome not in ('sent', 'refused') and report_deliveries.attempts < 8
        then note_report_delivery.at + make_interval(mins => (2 ^ (report_deliveries.attempts - 1))::integer)
    end,
    sent_at = case when outcome = 'sent' then note_report_delivery.at end,
    answer = said
  where report_deliveries.id = delivery
    and report_deliveries.state = 'queued'
    and report_deliveries.attempts = attempt
  returning report_deliveries.state;
end;

comment on function ops.note_report_delivery(bigint, integer, text, timestamptz, text) is
  'What sending an e-mail of a health report came to: sent, refused (for good), or anything else, which is tried again after a pause that doubles, eight times. Nothing when it is no longer in the hands of that attempt.';
