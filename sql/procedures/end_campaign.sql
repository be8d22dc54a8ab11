create function ops.end_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  perform ops.move_campaign(record_id, array['running', 'stopped'], 'ended');

  update app.campaigns
  set ended_at = now()
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('活动已结束，请完成复盘', 'The campaign has ended; now look back on it'));
end;
$$;

comment on function ops.end_campaign(bigint, bigint, jsonb) is 'A campaign that runs, or was stopped, ends, before its last day if need be.';
