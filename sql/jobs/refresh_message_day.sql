-- every: */5 * * * *
-- label: 更新每日消息 | Refresh messages by day
-- queue: app.message_day_changes
-- As ops.refresh_points_day: what a day of messages has come to since is added to it, in one statement with what is removed here.
create function ops.refresh_message_day(as_of date default null)
returns bigint
language plpgsql
volatile
as $$
declare
  written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.refresh_message_day', 0));

  with batch as materialized (
    select message_day_changes.id
    from app.message_day_changes
    order by message_day_changes.id
    limit 100000
  ),

  drained as (
    delete from app.message_day_changes
    using batch
    where message_day_changes.id = batch.id
    returning
      message_day_changes.day,
      message_day_changes.template_id,
      message_day_changes.channel,
      message_day_changes.category,
      message_day_changes.queued_count,
      message_day_changes.reached_count,
      message_day_changes.delivered_count,
      message_day_changes.read_count,
      message_day_changes.clicked_count,
      message_day_changes.failed_count,
      message_day_changes.suppressed_count,
      message_day_changes.waiting_count
  )

  insert into app.message_day (
    day, template_id, channel, category, queued_count, reached_count, delivered_count, read_count, clicked_count,
    failed_count, suppressed_count, waiting_count
  )
  select
    drained.day,
    drained.template_id,
    drained.channel,
    drained.category,
    sum(drained.queued_count),
    sum(drained.reached_count),
    sum(drained.delivered_count),
    sum(drained.read_count),
    sum(drained.clicked_count),
    sum(drained.failed_count),
    sum(drained.suppressed_count),
    sum(drained.waiting_count)
  from drained
  group by drained.day, drained.template_id, drained.channel, drained.category
  -- In one order, whoever writes.
  order by drained.day, drained.template_id, drained.channel, drained.category
  on conflict (day, template_id, channel, category) do update set
    queued_count = message_day.queued_count + excluded.queued_count,
    reached_count = message_day.reached_count + excluded.reached_count,
    delivered_count = message_day.delivered_count + excluded.delivered_count,
    read_count = message_day.read_count + excluded.read_count,
    clicked_count = message_day.clicked_count + excluded.clicked_count,
    failed_count = message_day.failed_count + excluded.failed_count,
    suppressed_count = message_day.suppressed_count + excluded.suppressed_count,
    waiting_count = message_day.waiting_count + excluded.waiting_count;

  get diagnostics written = row_count;
  return written;
end;
$$;

comment on function ops.refresh_message_day(date) is
  'Adds up to 100,000 rows of app.message_day_changes to their days of app.message_day and removes them; returns the rows written. Two
workers take turns.';
