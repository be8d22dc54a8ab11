create function ops.task_course(customer bigint, before_at timestamptz, before_key text, size integer)
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
  with zone as (
    select settings.time_zone as name
    from app.settings
    limit 1
  ),

  -- What was reached, and what no longer is.
  tasked as (
    select
      moments.rank,
      completions.id,
      moments.at,
      'task_completions' as resource,
      jsonb_build_object(
        'step', moments.step,
        'task', jsonb_build_array(tasks.name, tasks.name_en),
        'name', jsonb_build_array(completions.step_name, completions.step_name_en),
        'turn', completions.turn,
        'grants', (
          select jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
              'kind', task_grants.kind,
              'state', task_grants.state,
              'refusal', task_grants.refusal,
              'used', case when moments.step = 'taken' then nullif(task_grants.used_count, 0) end,
              'points', coalesce(case when moments.step = 'taken' then task_grants.taken_points end, task_grants.points),
              'name', case task_grants.kind
                when 'coupon' then jsonb_build_array(coupon_templates.name, coupon_templates.name_en)
                when 'package' then jsonb_build_array(benefit_packages.name, benefit_packages.name_en)
                when 'title' then jsonb_build_array(titles.name, titles.name_en)
              end
            ))
            order by task_grants.id
          )
          from app.task_grants
          left join app.coupon_templates
            on coupon_templates.id = task_grants.thing_id
            and task_grants.kind = 'coupon'
          left join app.benefit_packages
            on benefit_packages.id = task_grants.thing_id
            and task_grants.kind = 'package'
          left join app.titles
            on titles.id = task_grants.thing_id
            and task_grants.kind = 'title'
          where task_grants.customer_id = task_course.customer
            and task_grants.completion_id = completions.id
            and task_grants.round = completions.round
        )
      ) as data
    from base.task_completions as completions
    inner join app.tasks
      on tasks.id = completions.task_id
    cross join lateral (
      values
        ('reached', '70', completions.completed_at),
        ('taken', '71', completions.taken_at)
    ) as moments (step, rank, at)
    where completions.customer_id = task_course.customer
      and moments.at <= coalesce(before_at, 'infinity')
      and (before_at is null or (moments.at, moments.rank || lpad(completions.id::text, 18, '0') collate "C") < (before_at, before_key))
    order by moments.at desc, moments.rank desc, completions.id desc
    limit size
  ),

  titled as (
    select
      moments.rank,
      customer_titles.id,
      moments.at,
      'customer_titles' as resource,
      jsonb_build_object(
        'step', moments.step,
        'title', jsonb_build_array(titles.name, titles.name_en),
        'reason', moments.reason,
        'until_at', to_char(customer_titles.until_at at time zone (select zone.name from zone), 'YYYY-MM-DD'),
        'by', users.name
      ) as data
    from app.customer_titles
    inner join app.titles
      on titles.id = customer_titles.title_id
    cross join lateral (
      values
        ('title', '72', customer_titles.granted_at, customer_titles.reason, customer_titles.granted_by),
        ('untitled', '73', customer_titles.revoked_at, customer_titles.revoke_reason, customer_titles.revoked_by)
    ) as moments (step, rank, at, reason, user_id)
    left join app.users
      on users.id = moments.user_id
    where customer_titles.customer_id = task_course.customer
      and moments.at <= coalesce(before_at, 'infinity')
      and (before_at is null or (moments.at, moments.rank || lpad(customer_titles.id::text, 18, '0') collate "C") < (before_at, before_key))
    order by moments.at desc, moments.rank desc, customer_titles.id desc
    limit size
  ),

  every as (
    select * from tasked
    union all
    select * from titled
  )

  select
    'task',
    every.rank,
    every.id,
    every.at,
    every.resource,
    every.data
  from every;
end;

comment on function ops.task_course(bigint, timestamptz, text, integer) is
  'What a customer reached in tasks, lost again, and the titles they were given. One row per moment.';
