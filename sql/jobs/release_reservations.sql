-- every: * * * * *
-- label: 释放超时的积分预占 | Release of points reserved too long
create function ops.release_reservations(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  late bigint[];
begin
  -- Who decides one of them at this moment is not disturbed.
  select array_agg(locked.id)
  into late
  from (
    select redemptions.id
    from app.redemptions
    where redemptions.status = 'reserved'
      and redemptions.reserved_until_at <= now()
    order by redemptions.id
    for update skip locked
  ) as locked;

  if late is null then
    return 0;
  end if;
  perform ops.settle_budget_holds('reward', late::text[], 'released', now());
  perform ops.settle_rewards(late, 'cancel');

  update app.redemptions
  set
    status = 'cancelled',
    cancelled_at = redemptions.reserved_until_at,
    reason = 'timeout',
    version = redemptions.version + 1
  where redemptions.id = any (late);

  return cardinality(late);
end;
$$;

comment on function ops.release_reservations(date) is
  'Cancels redemptions that were reserved and not confirmed in time, as of the moment at which their time ran out.';
