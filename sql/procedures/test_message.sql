-- A message of a template to see how it arrives: to an address, or to a customer, whose consent holds for it too.
create function ops.test_message(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  to_channel constant text := input ->> 'channel';
  to_address constant text := nullif(btrim(input ->> 'address'), '');
  customer constant bigint := coalesce((input ->> 'customer_id')::bigint, 0);
  given constant jsonb := (
    select coalesce(jsonb_object_agg(lines.parts[1], lines.parts[2]), '{}')
    from regexp_matches(coalesce(input ->> 'variables', ''), '^\s*([a-z][a-z0-9_]*)\s*=[ \t]*(.*?)\s*$', 'gn') as lines (parts)
  );
  version app.message_template_versions;
  lacking text;
  made bigint;
begin
  select message_template_versions.*
  into version
  from app.message_template_versions
  where message_template_versions.template_id = record_id
  order by message_template_versions.number desc
  limit 1;

  if not to_channel = any (version.channels) then
    raise exception '模板没有此渠道的内容 | The template has no text for this channel' using errcode = 'EG422', column = 'channel';
  end if;
  if customer = 0 and to_address is null then
    raise exception '请填写接收地址或选择客户 | Give an address, or choose a customer' using errcode = 'EG422', column = 'address';
  end if;
  if to_address is not null and to_channel = 'email' and to_address !~ '^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$'
    or to_address is not null and to_channel = 'sms' and to_address !~ '^[+0-9][0-9 -]{4,30}$' then
    raise exception '不是此渠道的地址 | This is no address of the channel' using errcode = 'EG422', column = 'address';
  end if;
  if to_address is not null and to_channel = 'in_site' then
    raise exception '站内消息只能发给客户 | In-site messages go to a customer' using errcode = 'EG422', column = 'address';
  end if;

  select needs.name
  into lacking
  from jsonb_array_elements_text(version.needs -> to_channel) as needs (name)
  where not given ? needs.name
  limit 1;
  if found then
    raise exception '请给出变量 % 的值，写作 %=… | Give a value for %, written %=…', lacking, lacking, lacking, lacking
      using errcode = 'EG422', column = 'variables';
  end if;

  insert into app.messages (
    customer_id, template_id, version_id, channel, category, source, external_id, test, address, variables, state, queued_at, due_at,
    expires_at
  )
  values (
    customer, record_id, version.id, to_channel, version.category, 'test', gen_random_uuid()::text, true, to_address, given, 'queued',
    now(), now(), now() + interval '1 hour'
  )
  returning messages.id into made;

  return jsonb_build_object(
    'message', jsonb_build_array('测试消息已进入发件箱', 'The test is in the outbox'),
    'resource', 'messages',
    'id', made
  );
end;
$$;

comment on function ops.test_message(bigint, bigint, jsonb) is
  'Queues a test of a template: input channel, address or customer_id, variables (name=value, one a line). It counts for no cap; an address is nobody''s consent.';
