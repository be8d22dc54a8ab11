create function ops.start_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  perform ops.move_campaign(record_id, array['approved'], 'running');

  update app.campaigns
  set started_at = now()
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('活动已开始', 'The campaign is running'));
end;
$$;

comment on function ops.start_campaign(bigint, bigint, jsonb) is
  'An approved campaign begins to run at once, without waiting for its first day.';
