-- Four eyes: never who asked.
create function ops.decide_points_extension(record_id bigint, user_id bigint, decision text, note text)
returns bigint
language plpgsql
volatile
as $$
declare
  extension app.points_extensions;
  today date := (select (clock_timestamp() at time zone settings.time_zone)::date from app.settings);
begin
  select * into strict extension from app.points_extensions where points_extensions.id = decide_points_extension.record_id for update;
  if extension.state <> 'waiting' then
    raise exception '该申请已处理 | It was decided on already' using errcode = 'EG409';
  end if;
  if extension.asked_by = decide_points_extension.user_id then
    raise exception '不能审批自己的申请 | Nobody decides on their own request' using errcode = 'EG403';
  end if;

  if decide_points_extension.decision = 'applied' then
    if extension.until_on <= today then
      raise exception '申请的新到期日已过 | The day asked for has passed'
        using errcode = 'EG409', hint = '请退回，由申请人重新发起 | Refuse it, so that it is asked anew';
    end if;
    if ops.points_to_extend(extension.customer_id, extension.expiring_until_on, extension.until_on, clock_timestamp()) = 0 then
      raise exception '这些积分已用完或已过期 | These points are spent or expired meanwhile'
        using errcode = 'EG409', hint = '请退回，由申请人重新发起 | Refuse it, so that it is asked anew';
    end if;
    perform ops.check_reinstatement(extension.customer_id, extension.expiring_until_on, extension.until_on, clock_timestamp());
  end if;

  update app.points_extensions
  set
    state = decide_points_extension.decision,
    decided_by = decide_points_extension.user_id,
    decided_at = clock_timestamp(),
    decision_note = decide_points_extension.note,
    version = points_extensions.version + 1
  where points_extensions.customer_id = extension.customer_id
    and points_extensions.id = extension.id;
  return extension.customer_id;
end;
$$;

comment on function ops.decide_points_extension(bigint, bigint, text, text) is
  'Applies or refuses a request that waits; returns whose it is. The engine gives the lots their new day when it works the fact in.';
