-- Whom somebody else works at this moment is left to the next time.
create function ops.take_automation_runs(work bigint, automation bigint, at_time timestamptz, size integer)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  chosen bigint[];
  body jsonb;
  taken integer;
  leaving jsonb;
begin
  select array_agg(distinct due.customer_id)
  into chosen
  from (
    select automation_runs.customer_id
    from app.automation_runs
    inner join app.automations
      on automations.id = automation_runs.automation_id
      and automations.status in ('running', 'ended')
    where automation_runs.automation_id = automation
      and automation_runs.status = 'running'
      and automation_runs.due_at <= at_time
    order by automation_runs.due_at
    limit size
  ) as due;
  if chosen is null then
    return 0;
  end if;

  insert into app.points_accounts (customer_id)
  select chosen_ids.id
  from unnest(chosen) as chosen_ids (id)
  where not exists (
    select
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = chosen_ids.id
  )
  order by chosen_ids.id
  on conflict on constraint points_accounts_pkey do nothing;

  select array_agg(locked.customer_id)
  into chosen
  from (
    select points_accounts.customer_id
    from app.points_accounts
    where points_accounts.book_id = 0
      and points_accounts.customer_id = any (chosen)
    order by points_accounts.customer_id
    for update skip locked
  ) as locked;

  -- Read now that nobody else has them.
  insert into app.automation_due (work_id, customer_id, run_id, version_id, step_code, visits, entered_at, entered_on, ended, reason)
  select
    work,
    runs.customer_id,
    runs.id,
    runs.version_id,
    runs.step_code,
    runs.visits,
    runs.entered_at,
    runs.entered_on,
    case when runs.step_code = 'end' then 'finished' end,
    null
  from app.automation_runs as runs
  where runs.customer_id = any (chosen)
    and runs.automation_id = automation
    and runs.status = 'running'
    and runs.due_at <= at_time;
  get diagnostics taken = row_count;

  -- Looked up, not joined: the planner knows nothing of how many there are.
  leaving := (
    -- Worked out once: the view of segments costs milliseconds, and there are two thousand journeys.
    with stays_in as materialized (
      select
        asked.version_id,
        segments.rule_set_id,
        segments.segment_code
      from (
        select distinct automation_due.version_id
        from app.automation_due
        where automation_due.work_id = work
      ) as asked
      inner join app.programme_versions
        on programme_versions.id = asked.version_id
      inner join base.segments
        on programme_versions.body -> 'trigger_segments' @> to_jsonb(segments.id)
      where programme_versions.body -> 'exits' ? 'segment'
    )

    select jsonb_object_agg(due.run_id, left_by.reason)
    from app.automation_due as due
    inner join app.programme_versions
      on programme_versions.id = due.version_id
    cross join lateral (
      select case
        when not exists (select from app.customers where customers.id = due.customer_id and customers.status = 'active') then 'customer_gone'
        when programme_versions.body -> 'exits' ? 'order' and exists (
          select
          from app.orders
          where orders.customer_id = due.customer_id
            and orders.status in ('paid', 'completed')
            and coalesce(orders.paid_at, orders.placed_at) > due.entered_at
            and coalesce(orders.paid_at, orders.placed_at) <= at_time
        ) then 'ordered'
        when programme_versions.body -> 'exits' ? 'segment'
          and programme_versions.body ->> 'trigger' = 'segment_enter'
          and not exists (
            select
            from app.segment_memberships
            inner join stays_in
              on stays_in.version_id = due.version_id
              and stays_in.rule_set_id = segment_memberships.rule_set_id
              and stays_in.segment_code = segment_memberships.segment_code
            where segment_memberships.customer_id = due.customer_id
              and segment_memberships.entered_on <= (at_time at time zone settings.time_zone)::date
              and (segment_memberships.left_on is null or segment_memberships.left_on > (at_time at time zone settings.time_zone)::date)
          ) then 'left_segment'
      end as reason
      from app.settings
    ) as left_by
    where due.work_id = work
      and due.ended is null
      and left_by.reason is not null
  );
  if leaving is not null then
    update app.automation_due
    set
      ended = 'exited',
      reason = leaving ->> automation_due.run_id::text
    where automation_due.work_id = work
      and automation_due.ended is null
      and leaving ? automation_due.run_id::text;
  end if;

  return taken;
end;
$$;

comment on function ops.take_automation_runs(bigint, bigint, timestamptz, integer) is
  'Lays out journeys whose time has come in app.automation_due, their customers'' accounts locked; whoever ordered meanwhile, left the segment or is gone ends here, where the version says so. Returns how many.';
