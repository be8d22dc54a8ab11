-- Told by those who deliver. What was still to be tried again need not be, once it is there.
create function ops.note_deliveries(reports jsonb)
returns table (place integer, answer text)
language sql
volatile
begin atomic
  with reports as (
    select
      told.place::integer as place,
      (told.report ->> 'message')::bigint as message_id,
      told.report ->> 'status' as status,
      coalesce((told.report ->> 'occurred_at')::timestamptz, now()) as occurred_at,
      left(told.report ->> 'detail', 300) as detail
    from jsonb_array_elements(note_deliveries.reports) with ordinality as told (report, place)
  ),

  -- Of several about one message the last word counts.
  latest as (
    select distinct on (reports.message_id) reports.*
    from reports
    order by reports.message_id, reports.occurred_at desc, reports.place desc
  ),

  known as (
    select
      reports.place,
      messages.id
    from reports
    inner join app.messages
      on messages.id = reports.message_id
      and messages.channel <> 'in_site'
      and messages.attempts > 0
  ),

  written as (
    update app.messages
    set
      state = case when latest.status = 'bounced' then 'failed' else 'delivered' end,
      reason = case when latest.status = 'bounced' then 'bounced' end,
      due_at = null,
      sent_at = coalesce(messages.sent_at, messages.claimed_at),
      delivered_at = case when latest.status = 'bounced' then null else coalesce(messages.delivered_at, latest.occurred_at) end,
      read_at = case when latest.status = 'read' then coalesce(messages.read_at, latest.occurred_at) else messages.read_at end,
      error = case when latest.status = 'bounced' then latest.detail end
    from latest
    where messages.id = latest.message_id
      and messages.channel <> 'in_site'
      and messages.attempts > 0
      and messages.reason is distinct from 'anonymised'
    returning messages.id
  )

  select
    reports.place,
    case when known.id is null then 'unknown' else 'accepted' end
  from reports
  left join known
    on known.place = reports.place
  order by reports.place;
end;

comment on function ops.note_deliveries(jsonb) is
  'What became of messages on their way, told by who delivers: message, status (delivered, read, bounced), occurred_at, detail. One answer for each, in order: accepted, or unknown for a message that never went out.';
