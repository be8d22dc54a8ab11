-- Runs as the owner: facts change hands here and only here. What they say stays, and so does every movement that was booked.
-- The survivor is then done again by the engine (the caller sees to it), as with any fact that comes late.
create function ops.merge_customers(survivor bigint, duplicate bigint, user_id bigint, why text)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  moment constant timestamptz := clock_timestamp();
  other app.customers;
  own app.customers;
begin
  if survivor = duplicate then
    raise exception '不能与自身合并 | A customer cannot be merged with itself'
      using errcode = 'EG422', column = 'duplicate', detail = 'merge_self';
  end if;

  -- In the order of their ids, like accounts after them.
  perform
  from app.customers
  where customers.id in (survivor, duplicate)
  order by customers.id
  for update;

  select * into own from app.customers where customers.id = survivor;
  select * into other from app.customers where customers.id = duplicate;

  if other.id is null or other.status in ('anonymous', 'anonymised') then
    raise exception '匿名客户不能合并 | An anonymous customer cannot be merged'
      using errcode = 'EG422', column = 'duplicate', detail = 'merge_anonymous';
  end if;
  if other.merged_into_id is not null then
    raise exception '该客户已并入客户 % | This customer was merged into % already', other.merged_into_id, other.merged_into_id
      using errcode = 'EG422', column = 'duplicate', detail = 'merged_already';
  end if;
  if own.status not in ('active', 'blocked') then
    raise exception '当前客户已合并或匿名化 | The customer was merged or anonymised' using errcode = 'EG409', detail = 'customer_gone';
  end if;

  insert into app.points_accounts (customer_id)
  select people.id
  from unnest(array[least(survivor, duplicate), greatest(survivor, duplicate)]) as people (id)
  on conflict (book_id, customer_id) do nothing;

  perform
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.customer_id in (survivor, duplicate)
  order by points_accounts.customer_id
  for update;

  perform ops.merge_facts(survivor, duplicate);
  perform ops.merge_benefits(survivor, duplicate);
  perform ops.merge_coupons(survivor, duplicate);
  perform ops.merge_automations(survivor, duplicate);
  perform ops.merge_messages(survivor, duplicate);
  perform ops.merge_tasks(survivor, duplicate);
  perform ops.merge_books(survivor, duplicate);

  insert into app.customer_links (customer_id, survivor_id, merged_at, merged_by, reason)
  values (duplicate, survivor, moment, merge_customers.user_id, why);

  -- One person enrolled once, when they first did; what the survivor's record does not say the other may.
  update app.customers
  set
    enrolled_at = least(own.enrolled_at, other.enrolled_at),
    enrolled_on = (least(own.enrolled_at, other.enrolled_at) at time zone zone)::date,
    name = coalesce(own.name, other.name),
    phone = coalesce(own.phone, other.phone),
    email = coalesce(own.email, other.email),
    birth_on = coalesce(own.birth_on, other.birth_on),
    gender = coalesce(own.gender, other.gender),
    education = coalesce(own.education, other.education),
    province = coalesce(own.province, other.province),
    city = case when own.province is null and own.city is null then other.city else own.city end,
    occupation = coalesce(own.occupation, other.occupation),
    language = coalesce(own.language, other.language),
    referrer_code = coalesce(own.referrer_code, other.referrer_code),
    tags = array(select distinct unnest(own.tags || other.tags) order by 1),
    extras = other.extras || own.extras,
    note = left(concat_ws(E'\n', own.note, other.note), 2000),
    version = own.version + 1,
    updated_at = now()
  where customers.id = survivor;

  update app.customers
  set
    status = 'merged',
    merged_into_id = survivor,
    merged_at = case when customers.id = duplicate then moment else customers.merged_at end,
    consent_sms = false,
    consent_email = false,
    consent_push = false,
    consent_wecom = false,
    consent_profiling = false,
    version = customers.version + 1,
    updated_at = now()
  where customers.id = duplicate
    or customers.merged_into_id = duplicate;

  -- Books that follow from all facts of the survivor.
  insert into app.inbox (customer_id, fact_kind, fact_id, again)
  values (survivor, 'sign_up', survivor, true);
end;
$$;

comment on function ops.merge_customers(bigint, bigint, bigint, text) is
  'The duplicate turned out to be the survivor: its facts become theirs, its books close at nothing, and its code leads to them from then on. The survivor waits for the engine.';
