create function ops.customer_tasks(customer bigint, at timestamptz)
returns jsonb
language plpgsql
stable
set plan_cache_mode = force_custom_plan
as $$
begin
  return (
    with begun as (
      select
        progress.task_id,
        progress.version_id,
        progress.occurrence,
        case
          when progress.state = 'running' and progress.until_at <= customer_tasks.at then 'lapsed'
          else progress.state
        end as state,
        progress.started_at,
        progress.until_at,
        progress.done_at,
        progress.steps
      from app.task_progress as progress
      where progress.customer_id = customer_tasks.customer
        and (
          progress.state = 'running'
          or greatest(progress.done_at, progress.until_at, progress.updated_at) > customer_tasks.at - interval '30 days'
        )
    ),

    -- What is open to them and not begun yet.
    open as (
      select
        starts.task_id,
        starts.version_id,
        starts.occurrence,
        'open' as state,
        starts.started_at,
        starts.until_at,
        null::timestamptz as done_at,
        '[]'::jsonb as steps
      from ops.task_starts(array[customer_tasks.customer], customer_tasks.at) as starts
      inner join base.task_versions as versions
        on versions.version_id = starts.version_id
      where versions.trigger = 'always'
        and versions.customer_condition is null
        and (starts.until_at is null or starts.until_at > customer_tasks.at)
        and not exists (
          select
          from app.task_progress
          where task_progress.customer_id = customer_tasks.customer
            and task_progress.task_id = starts.task_id
            and task_progress.occurrence = starts.occurrence
        )
    ),

    every as (
      select * from begun
      union all
      select * from open
    )

    select coalesce(
      jsonb_agg(
        jsonb_build_object(
          'task', tasks.code,
          'name', tasks.name,
          'name_en', tasks.name_en,
          'description', tasks.description,
          'occurrence', every.occurrence,
          'state', every.state,
          'started_at', to_char(every.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'until_at', to_char(every.until_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'done_at', to_char(every.done_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'steps', told.steps
        )
        order by every.state in ('running', 'open') desc, every.started_at desc, tasks.id
      ),
      '[]'
    )
    from every
    inner join app.tasks
      on tasks.id = every.task_id
    inner join base.task_versions as versions
      on versions.version_id = every.version_id
    cross join lateral (
      select jsonb_agg(
        jsonb_build_object(
          'name', step.name,
          'name_en', step.name_en,
          'goal', step.goal,
          'count', coalesce((reached.value ->> 'count')::numeric, 0),
          'target', step.target,
          'times', step.times,
          'times_reached', coalesce((reached.value ->> 'turns')::integer, 0),
          'until_at', to_char((reached.value ->> 'until_at')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'coupon', coupon_templates.code,
          'points', step.points,
          'package', benefit_packages.code,
          'title', titles.code
        )
        order by step.position, step.id
      ) as steps
      from jsonb_to_recordset(versions.steps) as step (
        id bigint, position integer, name text, name_en text, goal text, target numeric, times integer,
        coupon_template_id bigint, points bigint, package_id bigint, title_id bigint
      )
      left join jsonb_array_elements(every.steps) as reached (value)
        on (reached.value ->> 'step_id')::bigint = step.id
      left join app.coupon_templates
        on coupon_templates.id = step.coupon_template_id
      left join app.benefit_packages
        on benefit_packages.id = step.package_id
      left join app.titles
        on titles.id = step.title_id
    ) as told
    where tasks.visible
  );
end;
$$;

comment on function ops.customer_tasks(bigint, timestamptz) is
  'The tasks that shops may show a customer, as of a moment: those running, those open to begin, and what was done or lapsed in the last
30 days; with how far each step is and what it gives. Counts and targets are numbers.';
