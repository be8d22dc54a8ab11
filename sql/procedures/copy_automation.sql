create function ops.copy_automation(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  made bigint;
begin
  if exists (select from app.automations where automations.code = input ->> 'code') then
    raise exception '编码已被使用 | The code is taken' using errcode = 'EG422', column = 'code';
  end if;

  insert into app.automations (
    code, name, name_en, description, trigger, trigger_segments, include_present, trigger_fact, days_before, repeat_from, repeat,
    repeat_interval, repeat_weekdays, starts_on, ends_on, tiers, segments, audience_filter, reentry, reentry_days, holdout_rate,
    campaign_id, cost_kind, budget_id, exits, goal_days, steps, extras
  )
  select
    input ->> 'code', input ->> 'name', input ->> 'name_en', held.description, held.trigger, held.trigger_segments, held.include_present,
    held.trigger_fact, held.days_before, held.repeat_from, held.repeat, held.repeat_interval, held.repeat_weekdays, held.starts_on,
    held.ends_on, held.tiers, held.segments, held.audience_filter, held.reentry, held.reentry_days, held.holdout_rate,
    held.campaign_id, held.cost_kind, held.budget_id, held.exits, held.goal_days, held.steps, held.extras
  from app.automations as held
  where held.id = record_id
  returning automations.id into made;
  perform ops.keep_automation_version(made, user_id);

  return jsonb_build_object(
    'message', jsonb_build_array('已复制为草稿', 'Copied as a draft'), 'resource', 'automations', 'id', made
  );
end;
$$;

comment on function ops.copy_automation(bigint, bigint, jsonb) is 'Makes a draft with the same trigger, audience and steps under another code.';
