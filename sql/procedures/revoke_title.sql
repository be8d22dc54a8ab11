create function ops.revoke_title(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  held app.customer_titles;
begin
  select * into held from app.customer_titles where customer_titles.id = record_id;
  perform ops.lock_account(held.customer_id);

  if ops.revoke_titles(
    array[held.customer_id], held.source, array[held.external_id], input ->> 'reason', clock_timestamp(), user_id
  ) = 0 then
    raise exception '该头衔已经撤销 | It was revoked already' using errcode = 'EG409';
  end if;
  return jsonb_build_object('message', jsonb_build_array('已撤销', 'Revoked'));
end;
$$;

comment on function ops.revoke_title(bigint, bigint, jsonb) is 'Staff take a title or badge away from a customer, with a reason.';
