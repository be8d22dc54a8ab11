create function ops.finish_contact_task(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
begin
  update app.contact_tasks
  set
    status = input ->> 'status',
    outcome = input ->> 'outcome',
    done_at = now(),
    done_by = nullif(user_id, 0),
    version = contact_tasks.version + 1
  where contact_tasks.id = record_id
    and contact_tasks.status = 'open';
  if not found then
    raise exception '这项联系已经处理过 | This contact was dealt with already' using errcode = 'EG409';
  end if;
  return jsonb_build_object('message', jsonb_build_array('已记录', 'It is noted'));
end;
$$;

comment on function ops.finish_contact_task(bigint, bigint, jsonb) is 'Somebody spoke to the customer, could not, or it is not needed any more; what was said is kept.';
