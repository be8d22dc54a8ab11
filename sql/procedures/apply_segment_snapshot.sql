-- The stored ranges say, for every snapshot day, who was where; between two snapshot days the earlier one holds. Giving day D
-- its (new) answer changes [D, next snapshot day) and nothing else, which is why days can come in any order, and twice:
--   covering   the range that holds on D: cut at D, and what lies from the next day on is kept apart
--   before     the range that ends at D: grows when it is the same segment
--   after      the range that starts on the next day: swallowed when it is the same segment
create function ops.apply_segment_snapshot(rule_set_version_id bigint, as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  set_id bigint;
  next_on date;
  written bigint;
begin
  select segment_rule_set_versions.rule_set_id
  into strict set_id
  from app.segment_rule_set_versions
  where segment_rule_set_versions.id = apply_segment_snapshot.rule_set_version_id;

  select min(segment_snapshots.as_of_on)
  into next_on
  from app.segment_snapshots
  where segment_snapshots.rule_set_id = set_id
    and segment_snapshots.as_of_on > as_of
    and segment_snapshots.computed_at is not null;

  with covering as (
    select
      segment_memberships.customer_id,
      segment_memberships.entered_on,
      segment_memberships.left_on,
      segment_memberships.segment_code
    from app.segment_memberships
    where segment_memberships.rule_set_id = set_id
      and segment_memberships.entered_on <= as_of
      -- On the newest day only open ranges can hold, and these have an index of their own.
      and (segment_memberships.left_on is null or next_on is not null and segment_memberships.left_on > as_of)
  )

  insert into app.segment_changes (customer_id, segment_code, covering_from, covering_until, covering_code)
  select
    coalesce(assigned.customer_id, covering.customer_id),
    assigned.segment_code,
    covering.entered_on,
    covering.left_on,
    covering.segment_code
  from app.segment_assignments as assigned
  full join covering
    on covering.customer_id = assigned.customer_id
  where assigned.segment_code is distinct from covering.segment_code;

  get diagnostics written = row_count;
  if written > 0 then
    perform ops.apply_segment_changes(set_id, as_of, next_on);
  end if;
  perform ops.store_segment_day(rule_set_version_id, as_of);
  return written;
end;
$$;

comment on function ops.apply_segment_snapshot(bigint, date) is
  'Makes app.segment_assignments the membership of the version''s rule set on the day, whatever days were computed before or
after it; returns how many customers'' memberships changed. The same assignments again change nothing.';
