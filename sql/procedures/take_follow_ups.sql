-- Whom somebody else works at this moment (the engine, another process) is left to the next time.
create function ops.take_follow_ups(follower text, customer_limit integer, left_out bigint[] default '{}')
returns table (
  customer_id bigint,
  id bigint
)
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  chosen bigint[];
begin
  select array_agg(oldest.customer_id)
  into chosen
  from (
    select noted.customer_id
    from (
      select
        follow_ups.customer_id,
        follow_ups.id
      from app.follow_ups
      where follow_ups.follower = take_follow_ups.follower
        and follow_ups.customer_id <> all (left_out)
      order by follow_ups.id
      limit 20 * customer_limit
    ) as noted
    group by noted.customer_id
    order by min(noted.id)
    limit customer_limit
  ) as oldest;

  if chosen is null then
    return;
  end if;

  insert into app.points_accounts (customer_id)
  select chosen_ids.id
  from unnest(chosen) as chosen_ids (id)
  where not exists (
    select
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = chosen_ids.id
  )
  order by chosen_ids.id
  on conflict on constraint points_accounts_pkey do nothing;

  select array_agg(locked.customer_id)
  into chosen
  from (
    select points_accounts.customer_id
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = any (chosen)
    order by points_accounts.customer_id
    for update skip locked
  ) as locked;

  -- Read now that nobody else has them: a process that was quicker has followed them up and taken their rows along.
  return query
  select
    follow_ups.customer_id,
    follow_ups.id
  from app.follow_ups
  where follow_ups.customer_id = any (chosen)
    and follow_ups.follower = take_follow_ups.follower
  order by follow_ups.id;
end;
$$;

comment on function ops.take_follow_ups(text, integer, bigint[]) is
  'Locks the accounts of so many customers that a follower has something to follow up for, and says what. The rows stay until ops.done_follow_ups, in the same transaction.';
