create function ops.review_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  perform ops.move_campaign(record_id, array['ended'], 'reviewed');

  update app.campaigns
  set review_summary = input ->> 'summary'
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('复盘已记录', 'The retrospective is recorded'));
end;
$$;

comment on function ops.review_campaign(bigint, bigint, jsonb) is 'An ended campaign is closed with what was learnt from it.';
