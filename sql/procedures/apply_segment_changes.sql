create function ops.apply_segment_changes(set_id bigint, as_of date, next_on date)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
begin
  with plan as materialized (
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
    from app.segment_changes as changes
    left join app.segment_memberships as before
      on before.customer_id = changes.customer_id
      and before.rule_set_id = set_id
      and before.left_on = as_of
      and before.segment_code = changes.segment_code
    left join app.segment_memberships as after
      on after.customer_id = changes.customer_id
      and after.rule_set_id = set_id
      and after.entered_on = next_on
      and after.segment_code = changes.segment_code
  ),

  swallowed as (
    delete from app.segment_memberships
    using (
      select
        plan.customer_id,
        plan.after_from as entered_on
      from plan
      where plan.after_from is not null
      union all
      select
        plan.customer_id,
        plan.covering_from as entered_on
      from plan
      where plan.covering_from = as_of
        and (plan.segment_code is null or plan.before_from is not null)
    ) as swallows
    where segment_memberships.rule_set_id = set_id
      and segment_memberships.customer_id = swallows.customer_id
      and segment_memberships.entered_on = swallows.entered_on
  ),

  reshaped as (
    update app.segment_memberships
    set
      left_on = reshapes.left_on,
      segment_code = reshapes.segment_code
    from (
      -- The one before grows.
      select
        plan.customer_id,
        plan.before_from as entered_on,
        plan.until as left_on,
        plan.segment_code
      from plan
      where plan.before_from is not null
      union all
      -- The one that holds is cut,
      select
        plan.customer_id,
        plan.covering_from as entered_on,
        as_of as left_on,
        plan.covering_code as segment_code
      from plan
      where plan.covering_from < as_of
      union all
      -- or becomes the new one where it starts on the day itself.
      select
        plan.customer_id,
        plan.covering_from as entered_on,
        plan.until as left_on,
        plan.segment_code
      from plan
      where plan.covering_from = as_of
        and plan.segment_code is not null
        and plan.before_from is null
    ) as reshapes
    where segment_memberships.rule_set_id = set_id
      and segment_memberships.customer_id = reshapes.customer_id
      and segment_memberships.entered_on = reshapes.entered_on
  )

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
  -- What the one that held keeps from the next day on.
  select
    plan.customer_id,
    set_id,
    next_on,
    plan.covering_until,
    plan.covering_code
  from plan
  where plan.covering_from is not null
    and next_on is not null
    and (plan.covering_until > next_on or plan.covering_until is null);
end;
$$;

comment on function ops.apply_segment_changes(bigint, date, date) is
  'Works app.segment_changes of one rule set and day into the stays; next_on is the next computed day, if any.
Planned when called, so that twelve changes are looked up and a million are joined.';
