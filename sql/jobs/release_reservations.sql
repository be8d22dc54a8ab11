-- every: * * * * *
-- label: 释放超时的积分预占 | Release of points reserved too long
create function ops.release_reservations(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  released bigint;
begin
  update app.redemptions
  set
    status = 'cancelled',
    cancelled_at = redemptions.reserved_until_at,
    reason = 'timeout',
    version = redemptions.version + 1
  where redemptions.status = 'reserved'
    and redemptions.reserved_until_at <= now();

  get diagnostics released = row_count;
  return released;
end;
$$;

comment on function ops.release_reservations(date) is
  'Cancels redemptions that were reserved and not confirmed in time, as of the moment at which their time ran out.';
