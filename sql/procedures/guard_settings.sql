-- The time zone says which day a fact belongs to, so it cannot change once there are facts.
create function ops.guard_settings(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
begin
  if after ->> 'time_zone' is not distinct from before ->> 'time_zone' then
    return;
  end if;

  if not exists (select from pg_timezone_names where pg_timezone_names.name = after ->> 'time_zone') then
    raise exception '没有这个时区 | There is no such time zone'
      using errcode = 'EG422', column = 'time_zone', hint = '请填写如 Asia/Shanghai 的名称 | Give a name such as Asia/Shanghai';
  end if;

  if exists (select from app.fact_keys)
    or exists (select from app.orders)
    or exists (select from app.points_entries)
    or exists (select from app.messages)
  then
    raise exception '已有订单等业务数据，时区不可再更改 | The time zone cannot be changed once orders or other facts are stored'
      using errcode = 'EG422', column = 'time_zone';
  end if;
end;
$$;

comment on function ops.guard_settings(bigint, bigint, jsonb, jsonb) is
  'Refuses an unknown time zone, and any change of it once a fact is stored.';
