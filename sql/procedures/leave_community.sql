create function ops.leave_community(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  update app.community_members
  set
    left_at = now(),
    left_on = (now() at time zone settings.time_zone)::date
  from app.settings
  where community_members.id = record_id
    and community_members.left_at is null;
  if not found then
    raise exception '客户已不在群 | The customer is not in it any more' using errcode = 'EG409';
  end if;
  return jsonb_build_object('message', jsonb_build_array('已退群', 'They have left'));
end;
$$;

comment on function ops.leave_community(bigint, bigint, jsonb) is 'A customer leaves a community, and is not taken in again by itself.';
