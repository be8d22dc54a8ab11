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
    and segment_snapshots.as_of_on > as_of;

  with memberships as (
    select
      segment_memberships.customer_id,
      segment_memberships.entered_on,
      segment_memberships.left_on,
      segment_memberships.segment_code
    from app.segment_memberships
    where segment_memberships.rule_set_id = set_id
  ),

  covering as (
    select
      memberships.customer_id,
      memberships.entered_on,
      memberships.left_on,
      memberships.segment_code
    from memberships
    where memberships.entered_on <= as_of
      and (memberships.left_on > as_of or memberships.left_on is null)
  ),

  changes as materialized (
    select
      coalesce(assigned.customer_id, covering.customer_id) as customer_id,
      assigned.segment_code,
      covering.entered_on as covering_from,
      covering.left_on as covering_until,
      covering.segment_code as covering_code
    from app.segment_assignments as assigned
    full join covering
      on covering.customer_id = assigned.customer_id
    where assigned.segment_code is distinct from covering.segment_code
  ),

  plan as materialized (
    select
      changes.customer_id,
      changes.segment_code,
      changes.covering_from,
      changes.covering_until,
      changes.covering_code,
      before.entered_on as before_from,
      after.entered_on as after_from,
      case
        when after.entered_on is not null then after.left_on
        else next_on
      end as until
    from changes
    left join memberships as before
      on before.customer_id = changes.customer_id
      and before.left_on = as_of
      and before.segment_code = changes.segment_code
    left join memberships as after
      on after.customer_id = changes.customer_id
      and after.entered_on = next_on
      and after.segment_code = changes.segment_code
  ),

  swallowed as (
    delete from app.segment_memberships
    using plan
    where segment_memberships.rule_set_id = set_id
      and segment_memberships.customer_id = plan.customer_id
      and (
        segment_memberships.entered_on = plan.after_from
        or segment_memberships.entered_on = plan.covering_from
          and plan.covering_from = as_of
          and (plan.segment_code is null or plan.before_from is not null)
      )
  ),

  reshaped as (
    update app.segment_memberships
    set
      left_on = case
        when segment_memberships.entered_on = plan.before_from or segment_memberships.entered_on = as_of then plan.until
        else as_of
      end,
      segment_code = case
        when segment_memberships.entered_on = as_of then plan.segment_code
        else segment_memberships.segment_code
      end
    from plan
    where segment_memberships.rule_set_id = set_id
      and segment_memberships.customer_id = plan.customer_id
      and (
        segment_memberships.entered_on = plan.before_from
        or segment_memberships.entered_on = plan.covering_from
          and (plan.covering_from < as_of or plan.segment_code is not null and plan.before_from is null)
      )
  ),

  entered as (
    insert into app.segment_memberships (customer_id, rule_set_id, entered_on, left_on, segment_code)
    select
      plan.customer_id,
      set_id,
      as_of,
      plan.until,
      plan.segment_code
    from plan
    where plan.segment_code is not null
      and plan.before_from is null
      and plan.covering_from is distinct from as_of
    union all
    select
      plan.customer_id,
      set_id,
      next_on,
      plan.covering_until,
      plan.covering_code
    from plan
    where plan.covering_from is not null
      and next_on is not null
      and (plan.covering_until > next_on or plan.covering_until is null)
  )

  select count(*)
  into written
  from plan;

  perform ops.store_segment_day(rule_set_version_id, as_of);
  return written;
end;
$$;

comment on function ops.apply_segment_snapshot(bigint, date) is
  'Makes app.segment_assignments the membership of the version''s rule set on the day, whatever days were computed before or
after it; returns how many customers'' memberships changed. The same assignments again change nothing.';
