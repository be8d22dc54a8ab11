create function ops.ask_points_extension(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  today date := (select (now() at time zone settings.time_zone)::date from app.settings);
  expiring_until date := (input ->> 'expiring_until_on')::date;
  until date := (input ->> 'until_on')::date;
  concerned bigint;
begin
  if expiring_until < today - 366 or expiring_until > today + 3660 then
    raise exception '请选择近期的到期日 | Choose a day within reach' using errcode = 'EG422', column = 'expiring_until_on';
  end if;
  if until <= expiring_until then
    raise exception '新的到期日须晚于原到期日 | The new last day must be after the one of the points' using errcode = 'EG422', column = 'until_on';
  end if;
  if until <= today then
    raise exception '新的到期日须晚于今天 | The new last day must be after today' using errcode = 'EG422', column = 'until_on';
  end if;
  if until > today + 1830 then
    raise exception '最多延期五年 | Five years at most' using errcode = 'EG422', column = 'until_on';
  end if;

  perform ops.lock_account(ask_points_extension.record_id);
  if exists (
    select
    from app.points_extensions
    where points_extensions.customer_id = ask_points_extension.record_id
      and points_extensions.state = 'waiting'
  ) then
    raise exception '该客户已有一项待审批的延期申请 | A request for this customer is waiting already' using errcode = 'EG409';
  end if;

  concerned := ops.points_to_extend(ask_points_extension.record_id, expiring_until, until, now());
  if concerned = 0 then
    raise exception '该日期前没有可延期的积分 | No points expire by that day' using errcode = 'EG422', column = 'expiring_until_on';
  end if;

  insert into app.points_extensions (customer_id, expiring_until_on, until_on, points, reason, asked_by)
  values (ask_points_extension.record_id, expiring_until, until, concerned, input ->> 'reason', ask_points_extension.user_id);
  return jsonb_build_object(
    'message',
    jsonb_build_array(
      '已提交：' || concerned || ' 积分延期至 ' || until || '，待审批',
      'Submitted: ' || concerned || ' points to last through ' || until || '; somebody else decides'
    )
  );
end;
$$;

comment on function ops.ask_points_extension(bigint, bigint, jsonb) is
  'Asks that a customer''s points which expire by a day last through a later one. One request of a customer waits at a time.';
