create function ops.open_retrospective(record_id bigint)
returns app.retrospectives
language plpgsql
volatile
as $$
declare
  found_one app.retrospectives;
begin
  -- Numbers are made behind this lock: none comes between looking and writing.
  perform pg_advisory_xact_lock(hashtextextended('evergreen retrospective', 0));
  select * into strict found_one from app.retrospectives where retrospectives.id = open_retrospective.record_id for update;
  if exists (
    select
    from app.retrospective_signatures
    where retrospective_signatures.retrospective_id = found_one.id
  ) then
    raise exception '已签署的月度复盘不可更改 | A signed retrospective cannot be changed'
      using errcode = 'EG409', hint = '重新生成数据，写成新的一版 | Write its figures again, as a new number';
  end if;
  if exists (
    select
    from app.retrospectives
    where retrospectives.month_on = found_one.month_on
      and retrospectives.number > found_one.number
  ) then
    raise exception '这个月已有更新的一版 | There is a later number of this month'
      using errcode = 'EG409', hint = '请打开最新一版 | Open the latest one';
  end if;
  return found_one;
end;
$$;

comment on function ops.open_retrospective(bigint) is 'Locks a retrospective that may still be worked on; refuses a signed or superseded one.';
