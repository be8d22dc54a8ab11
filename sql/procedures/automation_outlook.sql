create function ops.automation_outlook(settings jsonb, as_of date, months integer, work bigint)
returns jsonb
language sql
stable
begin atomic
  with tested as materialized (
    select *
    from ops.automation_back_test(
      automation_outlook.settings, automation_outlook.as_of, automation_outlook.months, automation_outlook.work
    )
  ),

  costs as (
    select
      ops.automation_cost(
        case jsonb_typeof(automation_outlook.settings -> 'steps') when 'array' then automation_outlook.settings -> 'steps' else '[]' end
      ) as each
  )

  select jsonb_build_object(
    'months', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'month', to_char(tested.month, 'YYYY-MM'), 'entered', tested.entered, 'held_out', tested.held_out,
            'cost', (tested.entered * costs.each)::numeric(16, 2)::text
          )
          order by tested.month
        ),
        '[]'
      )
      from tested
    ),
    'entered', (select coalesce(sum(tested.entered), 0) from tested),
    'held_out', (select coalesce(sum(tested.held_out), 0) from tested),
    'each', case when costs.each > 0 then costs.each::numeric(16, 2)::text end,
    'cost', (select (coalesce(sum(tested.entered), 0) * costs.each)::numeric(16, 2)::text from tested),
    'present', case
      when automation_outlook.settings ->> 'trigger' = 'segment_enter' then (
        select count(distinct stays.customer_id)
        from base.segments
        inner join app.segment_memberships as stays
          on stays.rule_set_id = segments.rule_set_id
          and stays.segment_code = segments.segment_code
          and stays.left_on is null
        where automation_outlook.settings -> 'trigger_segments' @> to_jsonb(segments.id)
      )
    end
  )
  from costs;
end;

comment on function ops.automation_outlook(jsonb, date, integer, bigint) is
  'What an automation with these settings would have come to in the last months: who would have entered and been held out month by month (see ops.automation_back_test), what
an entry costs at most and all of them, and how many are in its segments at present (null where it begins with something else).';
