-- Runs as the owner: the app login makes no tables. Names and bounds follow from the day alone.
create function ops.make_click_partitions(as_of date)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parent text;
  month date;
  name text;
  made bigint := 0;
begin
  for parent, month in
    select
      parents.name,
      first.day::date
    from unnest(array['page_view', 'page_event']) as parents (name)
    cross join generate_series(date_trunc('month', as_of::timestamp), date_trunc('month', as_of::timestamp) + interval '3 months', interval '1 month') as first (day)
  loop
    name := parent || '_' || to_char(month, 'YYYYMM');
    continue when to_regclass('app.' || name) is not null;
    -- What came before its month was made lies in the partition for the rest.
    execute format('create table app.%I (like app.%I including defaults including constraints)', name, parent);
    execute format(
      'with moved as (delete from app.%I where received_on >= %L and received_on < %L returning *) insert into app.%I select * from moved',
      parent || '_other', month, (month + interval '1 month')::date, name
    );
    execute format(
      'alter table app.%I attach partition app.%I for values from (%L) to (%L)',
      parent, name, month, (month + interval '1 month')::date
    );
    made := made + 1;
  end loop;
  return made;
end;
$$;

comment on function ops.make_click_partitions(date) is
  'Makes the partitions of app.page_view and app.page_event for the month of the day and the three after it, where they are not
there; returns how many.';
