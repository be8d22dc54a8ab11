-- Runs as the owner: the app login drops no tables. A partition goes when all of it is older, and nothing waits to be rolled up
-- from it. Readers of the other months are waited for briefly; the next day tries again.
create function ops.drop_click_partitions(before_on date)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '5s'
as $$
declare
  partition text;
  dropped bigint := 0;
  others bigint;
begin
  if exists (select from app.dirty_click_days where dirty_click_days.day < before_on)
    or exists (select from app.dirty_click_paths where dirty_click_paths.day < before_on)
    or exists (select from app.dirty_click_weeks where dirty_click_weeks.week_on < before_on)
  then
    return 0;
  end if;

  for partition in
    select months.relname
    from pg_inherits
    inner join pg_class as months
      on months.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent in ('app.page_view'::regclass, 'app.page_event'::regclass)
      and months.relname ~ '_[0-9]{6}$'
      and (to_date(right(months.relname, 6), 'YYYYMM') + interval '1 month')::date <= before_on
    order by months.relname
  loop
    execute format('drop table app.%I', partition);
    dropped := dropped + 1;
  end loop;

  delete from app.page_view_other
  where page_view_other.received_on < before_on;
  get diagnostics others = row_count;
  dropped := dropped + others;

  delete from app.page_event_other
  where page_event_other.received_on < before_on;
  get diagnostics others = row_count;
  return dropped + others;
end;
$$;

comment on function ops.drop_click_partitions(date) is
  'Drops the months of app.page_view and app.page_event that ended before the day, and older rows that are in none; returns how
many tables and rows went. Nothing goes while an older day waits for its rollup.';
