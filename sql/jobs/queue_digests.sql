-- every: */5 * * * *
-- label: 订阅汇总排队 | Digests queued
create function ops.queue_digests(as_of date)
returns bigint
language sql
volatile
begin atomic
  with latest as (
    select
      subscriptions.id,
      coalesce(
        (
          select max(subscription_deliveries.until_at)
          from app.subscription_deliveries
          where subscription_deliveries.subscription_id = subscriptions.id
        ),
        subscriptions.created_at
      ) as from_at,
      ops.digest_slot(
        subscriptions.frequency, subscriptions.weekday, subscriptions.hour, clock_timestamp(), programme.time_zone
      ) as until_at
    from app.subscriptions
    cross join base.programme
    where subscriptions.status = 'active'
      and subscriptions.frequency <> 'at_once'
  ),

  queued as (
    insert into app.subscription_deliveries (subscription_id, from_at, until_at, due_at)
    select
      latest.id,
      latest.from_at,
      latest.until_at,
      -- What is being written as the hour strikes is there by then.
      clock_timestamp() + interval '1 minute'
    from latest
    where latest.until_at > latest.from_at
    order by latest.id
    on conflict do nothing
    returning 1
  )

  select count(*)
  from queued;
end;

comment on function ops.queue_digests(date) is
  'Queues the digests whose hour has come, each of all that happened since the one before: hours that were missed are made up for by one digest.';
