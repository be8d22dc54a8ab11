create function ops.refuse_points_extension(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  perform ops.decide_points_extension(refuse_points_extension.record_id, refuse_points_extension.user_id, 'refused', input ->> 'decision_note');
  return jsonb_build_object('message', jsonb_build_array('已退回', 'Refused'));
end;
$$;

comment on function ops.refuse_points_extension(bigint, bigint, jsonb) is 'Refuses a request for points to last longer, with the reason.';
