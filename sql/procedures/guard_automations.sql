-- What a form cannot see from one field: where steps lead, and whether what they give can be given.
create function ops.guard_automations(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  fault record;
begin
  if after is null then
    if exists (select from app.automation_runs where automation_runs.automation_id = record_id) then
      raise exception '已有客户进入过，不能删除 | Customers have been in it: it cannot be deleted'
        using errcode = 'EG409', hint = '可将其结束 | End it instead';
    end if;
  else
    if jsonb_array_length(after -> 'steps') = 0 then
      raise exception '请至少添加一个步骤 | Add a step' using errcode = 'EG422', column = 'steps';
    end if;

    select * into fault from ops.automation_faults(after -> 'steps') order by place, field limit 1;
    if found then
      raise exception '% | %', fault.said, fault.said_en
        using errcode = 'EG422', column = 'steps.' || fault.place || '.' || fault.field, detail = fault.key;
    end if;

    if after ->> 'status' = 'ended' and before ->> 'status' = 'ended' and after -> 'steps' is distinct from before -> 'steps' then
      raise exception '已结束的自动化不能修改步骤 | The steps of an automation that has ended stay as they are'
        using errcode = 'EG409', hint = '可复制一份再修改 | Copy it and change the copy';
    end if;
  end if;

  if after is null or before is null
    or (after - array['status', 'launched_at', 'launched_on', 'version', 'updated_at', 'description'])
      is distinct from (before - array['status', 'launched_at', 'launched_on', 'version', 'updated_at', 'description'])
    or not exists (
      select from app.programme_versions where programme_versions.resource = 'automations' and programme_versions.record_id = guard_automations.record_id
    )
  then
    perform ops.keep_automation_version(record_id, user_id);
  end if;
end;
$$;

comment on function ops.guard_automations(bigint, bigint, jsonb, jsonb) is
  'Every step can be reached, leads to one that is there, gives what can be given, and no circle goes round without a wait. Keeps the automation as it holds from now on.';
