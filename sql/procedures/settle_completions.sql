create function ops.settle_completions(run bigint, customers bigint[], at timestamptz)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  gained integer;
  lost integer;
begin
  update app.task_completions
  set state = 'taken_back', taken_at = settle_completions.at
  where task_completions.customer_id = any (settle_completions.customers)
    and task_completions.state = 'done'
    and not exists (
      select
      from app.task_work_turns as turns
      where turns.run_id = run
        and turns.customer_id = task_completions.customer_id
        and turns.task_id = task_completions.task_id
        and turns.step_id = task_completions.step_id
        and turns.occurrence = task_completions.occurrence
        and turns.turn = task_completions.turn
    );
  get diagnostics lost = row_count;

  with written as (
    insert into app.task_completions as kept (customer_id, task_id, step_id, occurrence, turn, completed_at)
    select
      turns.customer_id,
      turns.task_id,
      turns.step_id,
      turns.occurrence,
      turns.turn,
      turns.completed_at
    from app.task_work_turns as turns
    where turns.run_id = run
    order by turns.customer_id, turns.completed_at, turns.task_id, turns.step_id, turns.occurrence, turns.turn
    on conflict on constraint task_completions_key do update
    set
      completed_at = excluded.completed_at,
      state = 'done',
      taken_at = null,
      round = kept.round + case when kept.state = 'taken_back' then 1 else 0 end
    where kept.state = 'taken_back'
      or kept.completed_at <> excluded.completed_at
    returning kept.*
  ),

  -- What was used before it could be taken back is theirs still, and not given twice.
  had as (
    update app.task_grants
    set state = 'given', taken_at = null
    from written
    where task_grants.customer_id = written.customer_id
      and task_grants.completion_id = written.id
      and task_grants.state = 'kept'
    returning task_grants.completion_id, task_grants.kind
  ),

  due as (
    insert into app.task_grants (
      customer_id, completion_id, task_id, round, kind, thing_id, points, source, external_id, state, given_at
    )
    select
      written.customer_id,
      written.id,
      written.task_id,
      written.round,
      reward.kind,
      reward.thing_id,
      coalesce(before.taken_points, reward.points),
      'task:' || task_work.task_code,
      written.id || '-' || written.round,
      'due',
      settle_completions.at
    from written
    inner join app.task_work
      on task_work.run_id = run
      and task_work.customer_id = written.customer_id
      and task_work.task_id = written.task_id
      and task_work.occurrence = written.occurrence
    inner join base.task_versions as versions
      on versions.version_id = task_work.version_id
    cross join lateral jsonb_to_recordset(versions.steps) as step (
      id bigint, coupon_template_id bigint, points bigint, package_id bigint, title_id bigint
    )
    cross join lateral (
      values
        ('coupon', step.coupon_template_id, null::bigint),
        ('points', null, step.points),
        ('package', step.package_id, null),
        ('title', step.title_id, null)
    ) as reward (kind, thing_id, points)
    left join app.task_grants as before
      on before.customer_id = written.customer_id
      and before.completion_id = written.id
      and before.kind = reward.kind
      and before.round = written.round - 1
      and before.state = 'taken_back'
    where step.id = written.step_id
      and coalesce(reward.thing_id, reward.points) is not null
      and not exists (select from had where had.completion_id = written.id and had.kind = reward.kind)
      and not exists (
        select
        from app.task_grants as given
        where given.customer_id = written.customer_id
          and given.completion_id = written.id
          and given.kind = reward.kind
          and given.round = written.round
      )
    order by written.customer_id, written.completed_at, written.id, reward.kind
  )

  select count(*)
  into gained
  from written
  where written.recorded_at = now()
    or written.round > 1;

  return gained + lost;
end;
$$;

comment on function ops.settle_completions(bigint, bigint[], timestamptz) is
  'Keeps what was reached as app.task_work_turns of the run has it: new ones, those that are so again, those that are so no longer. What
they give is noted as due. Returns how many were gained or lost.';
