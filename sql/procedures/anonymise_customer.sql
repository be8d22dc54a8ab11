-- Runs as the owner: what nobody may alter otherwise (the audit, what staff did) is emptied of the person here, and only here.
-- Three layers: what belongs to the customer, what is told about their records, and what names them elsewhere.
create function ops.anonymise_customer(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Whoever was merged into this one is the same person.
  whom constant bigint[] := array(
    select customers.id
    from app.customers
    where customers.id = anonymise_customer.record_id
      or customers.merged_into_id = anonymise_customer.record_id
    order by customers.id
  );
  code constant text := (select customers.external_id from app.customers where customers.id = anonymise_customer.record_id);
  codes text[];
  personal text[];
begin
  if input ->> 'code' is distinct from code then
    raise exception '与该客户的客户编号不一致 | This is not the customer no. of this customer'
      using errcode = 'EG422', column = 'code', detail = 'code_differs';
  end if;

  perform
  from app.customers
  where customers.id = any (whom)
  order by customers.id
  for update;

  personal := ops.personal_values(whom);
  codes := array(select customers.external_id from app.customers where customers.id = any (whom) order by customers.id);

  if ops.without_values(input ->> 'reason', personal || codes) <> input ->> 'reason' then
    raise exception '原因会被保留，请勿写入姓名、电话、邮箱或客户编号 | The reason is kept: leave out name, phone, e-mail and customer no.'
      using errcode = 'EG422', column = 'reason', detail = 'reason_is_personal';
  end if;

  insert into app.erased_codes (code_hash, customer_id)
  select
    sha256(convert_to(customers.external_id, 'UTF8')),
    customers.id
  from app.customers
  where customers.id = any (whom)
  on conflict (code_hash) do nothing;

  update app.waiting_returns
  set
    customer_external_id = 'anonymised-' || customers.id,
    reason = null
  from app.customers
  where customers.id = any (whom)
    and waiting_returns.customer_external_id = customers.external_id;

  update app.customers
  set
    external_id = 'anonymised-' || customers.id,
    name = null,
    phone = null,
    email = null,
    birth_on = null,
    gender = null,
    education = null,
    city = null,
    occupation = null,
    language = null,
    consent_sms = false,
    consent_email = false,
    consent_push = false,
    consent_wecom = false,
    consent_profiling = false,
    tags = '{}',
    extras = '{}',
    note = null,
    status = case when customers.merged_into_id is null then 'anonymised' else 'merged' end,
    anonymised_at = clock_timestamp(),
    version = customers.version + 1,
    updated_at = now()
  where customers.id = any (whom);

  -- Whom they invited was invited by somebody still.
  update app.customers
  set referrer_code = 'anonymised-' || people.id
  from unnest(whom, codes) as people (id, code)
  where customers.referrer_code = people.code;

  perform ops.anonymise_facts(whom, personal);
  perform ops.anonymise_messages(whom);
  perform ops.anonymise_elsewhere(whom, personal);

  return jsonb_build_object('message', jsonb_build_array(
    '个人信息已永久删除；订单、积分与金额保留用于核算，不再与个人关联',
    'The personal data is gone for good; orders, points and money stay for the books, tied to nobody'
  ));
end;
$$;

comment on function ops.anonymise_customer(bigint, bigint, jsonb) is
  'Removes for good what tells who a customer is (and whoever was merged into them), wherever it is kept. input: code, the customer''s own, typed; reason.';
