create function ops.return_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  perform ops.move_campaign(record_id, array['review', 'approved'], 'draft');

  update app.campaigns
  set
    submitted_by = null,
    approved_by = null,
    approved_at = null
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('已退回草稿', 'Returned to draft'));
end;
$$;

comment on function ops.return_campaign(bigint, bigint, jsonb) is
  'A campaign in review or approved becomes a draft again; its approval is void.';
