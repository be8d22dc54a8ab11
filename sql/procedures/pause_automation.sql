create function ops.pause_automation(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  update app.automations
  set
    status = 'paused',
    version = automations.version + 1,
    updated_at = now()
  where automations.id = record_id
    and automations.status = 'running';
  if not found then
    raise exception '只有进行中的自动化可以暂停 | Only one that runs can be paused' using errcode = 'EG409';
  end if;
  return jsonb_build_object('message', jsonb_build_array('已暂停，途中的客户停在原处', 'Paused: customers on their way stay where they are'));
end;
$$;

comment on function ops.pause_automation(bigint, bigint, jsonb) is 'Nobody enters and nobody moves until it is launched again.';
