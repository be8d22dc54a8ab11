-- every: */2 * * * *
-- What a change of an added field leaves to do: its index, and a view that was being read at the time.
create function ops.custom_field_upkeep(as_of date)
returns bigint
language sql
volatile
begin atomic
  select (ops.make_custom_views() + ops.make_custom_indexes())::bigint;
end;

comment on function ops.custom_field_upkeep(date) is
  'Indexes and report views of the fields that staff added, where something is left to do. The day does not matter.';
