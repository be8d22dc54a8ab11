create function ops.mark_dirty(fact_table text, days date[])
returns void
language sql
volatile
begin atomic
  insert into app.dirty_days (fact_table, day)
  select distinct
    mark_dirty.fact_table,
    unnested.day
  from unnest(mark_dirty.days) as unnested (day)
  where unnested.day is not null;
end;

comment on function ops.mark_dirty(text, date[]) is
  'To be called in the transaction that writes facts: names the programme days whose rollups must be computed again.
An order written, cancelled or moved: ''orders'' with placed_on, old and new. A return: ''returns'' with returned_on, and
''orders'' with placed_on of the order whose returned_amount it changes; a return that finds its order later: the same again.';
