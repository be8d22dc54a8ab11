create function ops.launch_automation(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  held app.automations;
  fault record;
begin
  select * into held from app.automations where automations.id = record_id for update;
  if held.status not in ('draft', 'paused') then
    raise exception '只有草稿或已暂停的自动化可以启动 | Only a draft, or one that is paused, can be launched' using errcode = 'EG409';
  end if;
  select * into fault from ops.automation_faults(held.steps) order by place, field limit 1;
  if found then
    raise exception '第 % 步：% | Step %: %', fault.place + 1, fault.said, fault.place + 1, fault.said_en using errcode = 'EG422';
  end if;
  if held.ends_on < (select programme.today_on from base.programme) then
    raise exception '结束日期已过 | Its last day is past' using errcode = 'EG422';
  end if;

  update app.automations
  set
    status = 'running',
    launched_at = coalesce(automations.launched_at, now()),
    launched_on = coalesce(automations.launched_on, (select programme.today_on from base.programme)),
    version = automations.version + 1,
    updated_at = now()
  where automations.id = record_id;
  if not exists (select from app.programme_versions where programme_versions.resource = 'automations' and programme_versions.record_id = launch_automation.record_id) then
    perform ops.keep_automation_version(record_id, user_id);
  end if;

  return jsonb_build_object('message', jsonb_build_array('已启动', 'It is running'));
end;
$$;

comment on function ops.launch_automation(bigint, bigint, jsonb) is 'A draft begins to run, or one that was paused goes on; customers enter and journeys move from now on.';
