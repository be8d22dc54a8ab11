-- What one journey did at one moment is one thing that happened: entering, then a coupon, a question and a message are not four.
create function ops.automation_course(customer bigint, before_at timestamptz, before_key text, size integer)
returns table (
  kind text,
  rank text,
  id bigint,
  at timestamptz,
  resource text,
  data jsonb
)
language sql
stable
begin atomic
  with moments as materialized (
    select
      automation_steps.done_at as at,
      automation_steps.run_id
    from app.automation_steps
    where automation_steps.customer_id = automation_course.customer
      and automation_steps.done_at <= coalesce(before_at, 'infinity')
      and (
        before_at is null
        or (automation_steps.done_at, '11' || lpad(automation_steps.run_id::text, 18, '0') collate "C") < (before_at, before_key)
      )
    group by
      automation_steps.done_at,
      automation_steps.run_id
    order by
      automation_steps.done_at desc,
      automation_steps.run_id desc
    limit size
  )

  select
    'automation',
    '11',
    moments.run_id,
    moments.at,
    'automation_runs',
    jsonb_build_object(
      'automation', jsonb_build_array(versions.body ->> 'name', versions.body ->> 'name_en'),
      'trigger', versions.body ->> 'trigger',
      'trigger_fact', versions.body ->> 'trigger_fact',
      'steps', told.steps
    )
  from moments
  inner join app.automation_runs
    on automation_runs.customer_id = automation_course.customer
    and automation_runs.id = moments.run_id
  inner join app.programme_versions as versions
    on versions.id = automation_runs.version_id
  cross join lateral (
    select jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object(
        'kind', automation_steps.kind,
        'outcome', automation_steps.outcome,
        'reason', automation_steps.reason,
        'until_at', to_char(automation_steps.until_at at time zone settings.time_zone, 'YYYY-MM-DD HH24:MI'),
        'name', jsonb_build_array(listed.step ->> 'name', listed.step ->> 'name_en')
      ))
      order by automation_steps.visit
    ) as steps
    from app.automation_steps
    cross join app.settings
    left join lateral jsonb_array_elements(versions.body -> 'steps') as listed (step)
      on listed.step ->> 'code' = automation_steps.step_code
    where automation_steps.customer_id = automation_course.customer
      and automation_steps.done_at = moments.at
      and automation_steps.run_id = moments.run_id
  ) as told;
end;

comment on function ops.automation_course(bigint, timestamptz, text, integer) is
  'What automations did for a customer: of each journey the steps that it took at one moment, with what came of them. One row per journey and moment.';
