create function ops.grant_title(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  asked app.titles;
begin
  perform ops.lock_account(record_id);
  select * into asked from app.titles where titles.id = (input ->> 'title_id')::bigint;
  if asked.status <> 'active' then
    raise exception '此头衔已停用 | This title is retired' using errcode = 'EG422', column = 'title_id', detail = 'not_active';
  end if;

  if exists (
    select
    from app.customer_titles
    where customer_titles.customer_id = record_id
      and customer_titles.title_id = asked.id
      and customer_titles.revoked_at is null
      and (customer_titles.until_at is null or customer_titles.until_at > clock_timestamp())
  ) then
    raise exception '客户已拥有此头衔 | The customer has it already' using errcode = 'EG422', column = 'title_id', detail = 'duplicate';
  end if;

  perform ops.grant_titles(
    jsonb_build_array(jsonb_build_object(
      'title_id', asked.id, 'customer_id', record_id, 'source', 'staff',
      'external_id', pg_current_xact_id()::text || '-' || asked.id, 'reason', input ->> 'reason'
    )),
    user_id,
    clock_timestamp()
  );
  return jsonb_build_object('message', jsonb_build_array('已授予“' || asked.name || '”', '“' || asked.name_en || '” was given'));
end;
$$;

comment on function ops.grant_title(bigint, bigint, jsonb) is
  'Staff give a customer a title or badge, with a reason; not one that the customer holds.';
