-- Called by ops.merge_customers, which runs as the owner and has locked both accounts.
create function ops.merge_automations(survivor bigint, duplicate bigint)
returns void
language plpgsql
volatile
as $$
begin
  -- One journey of an automation at a time: the survivor's goes on.
  update app.automation_runs
  set
    status = 'exited',
    reason = 'merged',
    due_at = null,
    ended_at = now()
  where automation_runs.customer_id = duplicate
    and automation_runs.status = 'running'
    and exists (
      select
      from app.automation_runs as own
      where own.customer_id = survivor
        and own.automation_id = automation_runs.automation_id
        and own.status = 'running'
    );

  -- What stands in app.automation_steps follows by its key.
  update app.automation_runs
  set
    customer_id = survivor,
    trigger_key = automation_runs.trigger_key || ' of ' || duplicate
  where automation_runs.customer_id = duplicate;

  update app.contact_tasks
  set customer_id = survivor
  where contact_tasks.customer_id = duplicate;

  delete from app.community_members
  where community_members.customer_id = duplicate
    and exists (
      select
      from app.community_members as own
      where own.customer_id = survivor
        and own.community_id = community_members.community_id
    );

  update app.community_members
  set customer_id = survivor
  where community_members.customer_id = duplicate;
end;
$$;

comment on function ops.merge_automations(bigint, bigint) is
  'Journeys, contact tasks and memberships of the duplicate become the survivor''s; where both are on the same way, the survivor''s goes on.';
