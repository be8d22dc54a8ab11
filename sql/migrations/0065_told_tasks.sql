-- Others can be told of tasks and titles, too: noted with what it tells of, once, and not when it is only worked out again.

create function app.tell_task_steps()
returns trigger
language plpgsql
as $$
begin
  if exists (select from app.webhook_endpoints where webhook_endpoints.topics @> array['task.step_reached']) then
    perform app.tell_webhooks('task.step_reached', (
      select jsonb_agg(
        jsonb_build_object(
          'customer_id', added.customer_id, 'occurred_at', added.completed_at, 'task', tasks.code, 'step', added.step_id,
          'occurrence', added.occurrence, 'turn', added.turn, 'round', added.round
        )
        order by added.id
      )
      from added
      inner join app.tasks
        on tasks.id = added.task_id
      where added.state = 'done'
    ));
  end if;
  return null;
end;
$$;
create trigger tell_task_steps after insert on app.task_completions
referencing new table as added for each statement execute function app.tell_task_steps();

create function app.tell_changed_task_steps()
returns trigger
language plpgsql
as $$
begin
  if exists (
    select
    from app.webhook_endpoints
    where webhook_endpoints.topics && array['task.step_reached', 'task.step_taken_back']
  ) then
    perform app.tell_webhooks(topics.topic, (
      select jsonb_agg(
        jsonb_build_object(
          'customer_id', changed.customer_id, 'occurred_at', coalesce(changed.taken_at, changed.completed_at), 'task', tasks.code,
          'step', changed.step_id, 'occurrence', changed.occurrence, 'turn', changed.turn, 'round', changed.round
        )
        order by changed.id
      )
      from changed
      inner join former
        on former.id = changed.id
      inner join app.tasks
        on tasks.id = changed.task_id
      where changed.state <> former.state
        and changed.state = topics.state
    ))
    from (
      values ('task.step_taken_back', 'taken_back'), ('task.step_reached', 'done')
    ) as topics (topic, state);
  end if;
  return null;
end;
$$;
create trigger tell_changed_task_steps after update on app.task_completions
referencing old table as former new table as changed for each statement execute function app.tell_changed_task_steps();

create function app.tell_tasks()
returns trigger
language plpgsql
as $$
begin
  if exists (select from app.webhook_endpoints where webhook_endpoints.topics @> array['task.completed']) then
    perform app.tell_webhooks('task.completed', (
      select jsonb_agg(
        jsonb_build_object(
          'customer_id', added.customer_id, 'occurred_at', coalesce(added.done_at, now()), 'task', tasks.code,
          'occurrence', added.occurrence, 'steps_done', added.steps_done, 'step_count', added.step_count
        )
        order by added.id
      )
      from added
      inner join app.tasks
        on tasks.id = added.task_id
      where added.state = 'done'
    ));
  end if;
  return null;
end;
$$;
create trigger tell_tasks after insert on app.task_progress
referencing new table as added for each statement execute function app.tell_tasks();

-- Completed, and then short of a step again: taken back, whatever it is called from then on.
create function app.tell_changed_tasks()
returns trigger
language plpgsql
as $$
begin
  if exists (
    select
    from app.webhook_endpoints
    where webhook_endpoints.topics && array['task.completed', 'task.taken_back']
  ) then
    perform app.tell_webhooks(topics.topic, (
      select jsonb_agg(
        jsonb_build_object(
          'customer_id', changed.customer_id, 'occurred_at', coalesce(changed.done_at, now()), 'task', tasks.code,
          'occurrence', changed.occurrence, 'steps_done', changed.steps_done, 'step_count', changed.step_count
        )
        order by changed.id
      )
      from changed
      inner join former
        on former.id = changed.id
      inner join app.tasks
        on tasks.id = changed.task_id
      where (changed.state = 'done') <> (former.state = 'done')
        and (changed.state = 'done') = topics.is_done
    ))
    from (
      values ('task.taken_back', false), ('task.completed', true)
    ) as topics (topic, is_done);
  end if;
  return null;
end;
$$;
create trigger tell_changed_tasks after update on app.task_progress
referencing old table as former new table as changed for each statement execute function app.tell_changed_tasks();

create function app.tell_titles()
returns trigger
language plpgsql
as $$
begin
  if exists (select from app.webhook_endpoints where webhook_endpoints.topics @> array['title.granted']) then
    perform app.tell_webhooks('title.granted', (
      select jsonb_agg(
        jsonb_build_object(
          'customer_id', added.customer_id, 'occurred_at', added.granted_at, 'title', titles.code, 'kind', titles.kind,
          'valid_until', added.until_at
        )
        order by added.id
      )
      from added
      inner join app.titles
        on titles.id = added.title_id
      where added.revoked_at is null
    ));
  end if;
  return null;
end;
$$;
create trigger tell_titles after insert on app.customer_titles
referencing new table as added for each statement execute function app.tell_titles();

create function app.tell_changed_titles()
returns trigger
language plpgsql
as $$
begin
  if exists (select from app.webhook_endpoints where webhook_endpoints.topics @> array['title.revoked']) then
    perform app.tell_webhooks('title.revoked', (
      select jsonb_agg(
        jsonb_build_object(
          'customer_id', changed.customer_id, 'occurred_at', changed.revoked_at, 'title', titles.code, 'kind', titles.kind,
          'valid_until', changed.until_at
        )
        order by changed.id
      )
      from changed
      inner join former
        on former.id = changed.id
      inner join app.titles
        on titles.id = changed.title_id
      where changed.revoked_at is not null
        and former.revoked_at is null
    ));
  end if;
  return null;
end;
$$;
create trigger tell_changed_titles after update on app.customer_titles
referencing old table as former new table as changed for each statement execute function app.tell_changed_titles();
