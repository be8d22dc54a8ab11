-- every: * * * * *
-- label: 释放超时的权益预占 | Release of benefits reserved too long
create function ops.release_benefit_uses(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  late bigint[];
begin
  select array_agg(waiting.id)
  into late
  from (
    select benefit_uses.id
    from app.benefit_uses
    where benefit_uses.status = 'reserved'
      and benefit_uses.reserved_until_at <= now()
    order by benefit_uses.id
    for update skip locked
  ) as waiting;

  if late is null then
    return 0;
  end if;
  return cardinality(ops.decide_benefit_uses(late, 'cancel', 'timeout', 0, null, now()));
end;
$$;

comment on function ops.release_benefit_uses(date) is
  'Cancels uses that were reserved and not confirmed in time.';
