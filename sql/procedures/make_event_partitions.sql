-- Runs as the owner: the app login makes no tables. Names and bounds follow from the day alone.
create function ops.make_event_partitions(as_of date)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  month date;
  name text;
  made bigint := 0;
begin
  for month in
    select first.day::date
    from generate_series(date_trunc('month', as_of::timestamp), date_trunc('month', as_of::timestamp) + interval '3 months', interval '1 month') as first (day)
  loop
    name := 'events_' || to_char(month, 'YYYYMM');
    continue when to_regclass('app.' || name) is not null;
    -- Days that had no month of their own until now lie in the partition for the rest.
    execute format('create table app.%I (like app.events including defaults including constraints)', name);
    execute format(
      'with moved as (delete from app.events_other where occurred_on >= %L and occurred_on < %L returning *) insert into app.%I select * from moved',
      month, (month + interval '1 month')::date, name
    );
    execute format(
      'alter table app.events attach partition app.%I for values from (%L) to (%L)',
      name, month, (month + interval '1 month')::date
    );
    made := made + 1;
  end loop;
  return made;
end;
$$;

comment on function ops.make_event_partitions(date) is
  'Makes the partitions of app.events for the month of the day and the three after it, where they are not there; returns how many.';
