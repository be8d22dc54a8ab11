create function ops.give_task_rewards(customers bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  batch record;
  granted bigint[];
begin
  if not exists (
    select
    from app.task_grants
    where task_grants.customer_id = any (give_task_rewards.customers)
      and task_grants.state = 'due'
      and task_grants.given_at <= give_task_rewards.at
  ) then
    return;
  end if;

  update app.task_grants
  set state = 'refused', refusal = 'wrong_customer'
  from app.customers as people
  where people.id = task_grants.customer_id
    and people.status <> 'active'
    and task_grants.customer_id = any (give_task_rewards.customers)
    and task_grants.state = 'due'
    and task_grants.given_at <= give_task_rewards.at;

  -- By what is given, not by whom: a few statements however many they are.
  for batch in
    select
      task_grants.thing_id,
      task_grants.source,
      coalesce(tasks.cost_kind, 'promotion') as cost_kind,
      array_agg(task_grants.customer_id order by task_grants.id) as customers,
      array_agg(task_grants.external_id order by task_grants.id) as external_ids
    from app.task_grants
    inner join app.tasks
      on tasks.id = task_grants.task_id
    where task_grants.customer_id = any (give_task_rewards.customers)
      and task_grants.state = 'due'
      and task_grants.given_at <= give_task_rewards.at
      and task_grants.kind = 'coupon'
    group by task_grants.thing_id, task_grants.source, tasks.cost_kind
    order by task_grants.thing_id, task_grants.source
  loop
    update app.task_grants
    set
      state = case when answers.coupon_id is null then 'refused' else 'given' end,
      refusal = answers.refusal,
      given_id = answers.coupon_id
    from ops.issue_coupons(
      batch.thing_id, batch.customers, batch.source, batch.external_ids, give_task_rewards.at,
      jsonb_build_object('cost_kind', batch.cost_kind)
    ) as answers
    where task_grants.customer_id = answers.customer_id
      and task_grants.kind = 'coupon'
      and task_grants.source = batch.source
      and task_grants.external_id = answers.external_id
      and task_grants.thing_id = batch.thing_id
      and task_grants.state = 'due';
  end loop;

  for batch in
    select
      task_grants.thing_id,
      array_agg(distinct task_grants.customer_id) as customers
    from app.task_grants
    where task_grants.customer_id = any (give_task_rewards.customers)
      and task_grants.state = 'due'
      and task_grants.given_at <= give_task_rewards.at
      and task_grants.kind = 'package'
    group by task_grants.thing_id
    order by task_grants.thing_id
  loop
    granted := ops.grant_package(batch.thing_id, give_task_rewards.at, 'manual', null, batch.customers, 0, null);
    if cardinality(granted) > 0 then
      perform ops.open_grants(batch.thing_id, give_task_rewards.at, granted, true);
    end if;

    -- A card that somebody holds already is not given beside it.
    update app.task_grants
    set
      state = case when ranked.number = 1 and ranked.customer_id = any (granted) then 'given' else 'refused' end,
      refusal = case when ranked.number = 1 and ranked.customer_id = any (granted) then null else 'duplicate' end,
      given_id = held.id
    from (
      select
        due.customer_id,
        due.id,
        row_number() over (partition by due.customer_id order by due.id) as number
      from app.task_grants as due
      where due.customer_id = any (batch.customers)
        and due.state = 'due'
        and due.kind = 'package'
        and due.thing_id = batch.thing_id
    ) as ranked
    left join lateral (
      select max(benefit_grants.id) as id
      from app.benefit_grants
      where benefit_grants.customer_id = ranked.customer_id
        and benefit_grants.package_id = batch.thing_id
    ) as held
      on ranked.number = 1
      and ranked.customer_id = any (granted)
    where task_grants.customer_id = ranked.customer_id
      and task_grants.id = ranked.id;
  end loop;

  update app.task_grants
  set state = 'given', given_id = given.id
  from ops.grant_titles((
    select jsonb_agg(
      jsonb_build_object(
        'title_id', task_grants.thing_id,
        'customer_id', task_grants.customer_id,
        'source', task_grants.source,
        'external_id', task_grants.external_id,
        'reason', '任务：' || tasks.name
      )
      order by task_grants.id
    )
    from app.task_grants
    inner join app.tasks
      on tasks.id = task_grants.task_id
    where task_grants.customer_id = any (give_task_rewards.customers)
      and task_grants.state = 'due'
      and task_grants.given_at <= give_task_rewards.at
      and task_grants.kind = 'title'
  ), 0, give_task_rewards.at) as given
  where task_grants.customer_id = given.customer_id
    and task_grants.kind = 'title'
    and task_grants.source = given.source
    and task_grants.external_id = given.external_id
    and task_grants.state = 'due';

  update app.task_grants
  set
    state = case when answers.adjustment_id is null then 'refused' else 'given' end,
    refusal = answers.refusal,
    given_id = answers.adjustment_id
  from ops.give_points((
    select jsonb_agg(
      jsonb_build_object(
        'grant_id', task_grants.id,
        'customer_id', task_grants.customer_id,
        'points', task_grants.points,
        'reason', '任务：' || tasks.name,
        'budget_id', tasks.budget_id,
        'cost_kind', tasks.cost_kind
      )
      order by task_grants.id
    )
    from app.task_grants
    inner join app.tasks
      on tasks.id = task_grants.task_id
    where task_grants.customer_id = any (give_task_rewards.customers)
      and task_grants.state = 'due'
      and task_grants.given_at <= give_task_rewards.at
      and task_grants.kind = 'points'
  ), give_task_rewards.at) as answers
  where task_grants.customer_id = answers.customer_id
    and task_grants.id = answers.grant_id;
end;
$$;

comment on function ops.give_task_rewards(bigint[], timestamptz) is
  'Gives what is due to the customers for steps of tasks, each through its own gate; what is refused says why and stays so.';
