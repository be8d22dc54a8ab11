create function ops.follow_tasks(customers bigint[])
returns void
language plpgsql
volatile
as $$
begin
  -- Whoever invited them is told. Their account is somebody else's to lock: they are followed up in their turn.
  insert into app.follow_ups (customer_id, follower, fact_kind, fact_id, occurred_at, again)
  select
    coalesce(referrers.merged_into_id, referrers.id),
    'tasks',
    'friend',
    friends.id,
    max(follow_ups.occurred_at),
    bool_or(follow_ups.again)
  from app.follow_ups
  inner join app.customers as friends
    on friends.id = follow_ups.customer_id
  inner join app.customers as referrers
    on referrers.external_id = friends.referrer_code
    and referrers.id <> friends.id
  where follow_ups.customer_id = any (follow_tasks.customers)
    and follow_ups.follower = 'tasks'
    and follow_ups.fact_kind = 'sign_up'
  group by referrers.id, friends.id
  order by referrers.id, friends.id;
end;
$$;

comment on function ops.follow_tasks(bigint[]) is
  'Passes on what friends did to whoever invited them, for the facts that wait to be followed up for tasks.';
