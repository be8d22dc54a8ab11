create function ops.figure_changes(before jsonb, after jsonb, facts_came boolean)
returns table (
  figure text,
  chapter text,
  label jsonb,
  unit text,
  before_value text,
  after_value text,
  difference text,
  reason text
)
language sql
stable
begin atomic
  with earlier as (
    select
      earlier.id,
      earlier.chapter,
      earlier.label,
      earlier.unit,
      earlier.value,
      earlier.definition,
      earlier.place
    from rows from (
      jsonb_to_recordset(before) as (id text, chapter text, label jsonb, unit text, value numeric, definition text)
    ) with ordinality as earlier (id, chapter, label, unit, value, definition, place)
  ),

  later as (
    select
      later.id,
      later.chapter,
      later.label,
      later.unit,
      later.value,
      later.definition,
      later.place
    from rows from (
      jsonb_to_recordset(after) as (id text, chapter text, label jsonb, unit text, value numeric, definition text)
    ) with ordinality as later (id, chapter, label, unit, value, definition, place)
  )

  select
    coalesce(later.id, earlier.id) as figure,
    coalesce(later.chapter, earlier.chapter) as chapter,
    coalesce(later.label, earlier.label) as label,
    coalesce(later.unit, earlier.unit) as unit,
    earlier.value::text as before_value,
    later.value::text as after_value,
    (later.value - earlier.value)::text as difference,
    case
      when coalesce(later.id, earlier.id) like 'target/%' then 'target'
      when later.definition is distinct from earlier.definition then 'definition'
      when facts_came then 'late_data'
      else 'fix'
    end as reason
  from earlier
  full join later
    on later.id = earlier.id
  where later.value is distinct from earlier.value
  order by coalesce(later.place, earlier.place), coalesce(later.id, earlier.id);
end;

comment on function ops.figure_changes(jsonb, jsonb, boolean) is
  'The figures that differ between two retrospectives, each with why: target (another was set), definition (its metric was defined anew), late_data (facts came in
since), else fix (worked out anew from the same facts). Numbers are text, as they travel. Both are lists of {id, chapter, label, unit, value, definition}.';
