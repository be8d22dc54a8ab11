create function ops.take_back_task_rewards(customers bigint[], at timestamptz)
returns void
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  gone bigint[];
  batch record;
begin
  select array_agg(task_grants.id)
  into gone
  from app.task_completions
  inner join app.task_grants
    on task_grants.customer_id = task_completions.customer_id
    and task_grants.completion_id = task_completions.id
    and task_grants.state in ('given', 'due')
  where task_completions.customer_id = any (take_back_task_rewards.customers)
    and task_completions.state = 'taken_back';
  if gone is null then
    return;
  end if;

  for batch in
    select
      task_grants.source,
      array_agg(task_grants.external_id) as external_ids
    from app.task_grants
    where task_grants.customer_id = any (take_back_task_rewards.customers)
      and task_grants.id = any (gone)
      and task_grants.kind in ('coupon', 'title')
    group by task_grants.source
    order by task_grants.source
  loop
    perform ops.void_coupons(batch.source, batch.external_ids, '任务不再达成', take_back_task_rewards.at);
    perform ops.revoke_titles(take_back_task_rewards.customers, batch.source, batch.external_ids, '任务不再达成', take_back_task_rewards.at);
  end loop;

  -- Points as far as they are there still, the newest first.
  with points as (
    select
      task_grants.customer_id,
      task_grants.id,
      task_grants.given_id,
      least(
        task_grants.points,
        greatest(
          points_accounts.available - points_accounts.debt - coalesce(sum(task_grants.points) over (
            partition by task_grants.customer_id
            order by task_grants.id desc
            rows between unbounded preceding and 1 preceding
          ), 0),
          0
        )
      ) as taken,
      tasks.name
    from app.task_grants
    inner join app.tasks
      on tasks.id = task_grants.task_id
    inner join app.points_accounts
      on points_accounts.book_id = 0
      and points_accounts.customer_id = task_grants.customer_id
    where task_grants.customer_id = any (take_back_task_rewards.customers)
      and task_grants.id = any (gone)
      and task_grants.kind = 'points'
      and task_grants.state = 'given'
  ),

  taken as (
    insert into app.points_adjustments (customer_id, points, reason, adjusted_at, takes_back_id)
    select
      points.customer_id,
      -points.taken,
      '任务不再达成，收回奖励：' || points.name,
      take_back_task_rewards.at,
      points.given_id
    from points
    where points.taken > 0
    order by points.id
  )

  update app.task_grants
  set
    state = case when points.taken > 0 then 'taken_back' else 'kept' end,
    taken_points = nullif(points.taken, 0),
    taken_at = take_back_task_rewards.at
  from points
  where task_grants.customer_id = points.customer_id
    and task_grants.id = points.id;

  -- A card that another task would have given, had it not been held already, is that one's from now on.
  with heirs as (
    select distinct on (heir.id)
      lost.customer_id,
      lost.id as lost_id,
      heir.id as heir_id,
      lost.given_id
    from app.task_grants as lost
    inner join app.benefit_grants
      on benefit_grants.customer_id = lost.customer_id
      and benefit_grants.id = lost.given_id
    inner join app.task_grants as heir
      on heir.customer_id = lost.customer_id
      and heir.kind = 'package'
      and heir.thing_id = lost.thing_id
      and heir.state = 'refused'
      and heir.refusal = 'duplicate'
      and heir.given_at >= benefit_grants.granted_at
    inner join app.task_completions
      on task_completions.customer_id = heir.customer_id
      and task_completions.id = heir.completion_id
      and task_completions.round = heir.round
      and task_completions.state = 'done'
    where lost.customer_id = any (take_back_task_rewards.customers)
      and lost.id = any (gone)
      and lost.kind = 'package'
      and lost.state = 'given'
    order by
      heir.id,
      lost.id
  ),

  -- One of them for each card.
  first_heirs as (
    select distinct on (heirs.customer_id, heirs.lost_id)
      heirs.*
    from heirs
    order by
      heirs.customer_id,
      heirs.lost_id,
      heirs.heir_id
  )

  update app.task_grants
  set
    state = case when task_grants.id = first_heirs.heir_id then 'given' else 'taken_back' end,
    refusal = null,
    given_id = first_heirs.given_id,
    taken_at = case when task_grants.id = first_heirs.lost_id then take_back_task_rewards.at end
  from first_heirs
  where task_grants.customer_id = first_heirs.customer_id
    and task_grants.id in (first_heirs.heir_id, first_heirs.lost_id);

  update app.task_grants
  set
    state = case when over.ended then 'taken_back' else 'kept' end,
    used_count = over.used_count,
    taken_at = take_back_task_rewards.at
  from ops.end_grants(
    take_back_task_rewards.customers,
    array(
      select packages.given_id
      from app.task_grants as packages
      where packages.customer_id = any (take_back_task_rewards.customers)
        and packages.id = any (gone)
        and packages.kind = 'package'
        and packages.state = 'given'
    ),
    take_back_task_rewards.at
  ) as over
  where task_grants.customer_id = any (take_back_task_rewards.customers)
    and task_grants.id = any (gone)
    and task_grants.kind = 'package'
    and task_grants.state = 'given'
    and task_grants.given_id = over.grant_id;

  update app.task_grants
  set
    state = case
      when task_grants.state = 'due' or task_grants.kind = 'title' then 'taken_back'
      when exists (
        select
        from app.coupons
        where coupons.customer_id = task_grants.customer_id
          and coupons.id = task_grants.given_id
          and task_grants.kind = 'coupon'
          and coupons.status in ('void', 'expired')
      ) then 'taken_back'
      else 'kept'
    end,
    taken_at = take_back_task_rewards.at
  where task_grants.customer_id = any (take_back_task_rewards.customers)
    and task_grants.id = any (gone)
    and task_grants.state in ('given', 'due');
end;
$$;

comment on function ops.take_back_task_rewards(bigint[], timestamptz) is
  'Takes back what was given for steps that are no longer reached, as far as it was not used: coupons, titles, points, what is left of
packages. What was used is kept.';
