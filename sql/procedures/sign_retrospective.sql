create function ops.sign_retrospective(record_id bigint, user_id bigint, version integer)
returns text
language plpgsql
volatile
as $$
declare
  found_one app.retrospectives;
  decided jsonb;
  fingerprint text;
begin
  found_one := ops.open_retrospective(record_id);
  if found_one.submitted_at is null then
    raise exception '请先提交审阅 | It must be handed in for review first' using errcode = 'EG409';
  end if;
  if user_id = any(found_one.authors) then
    raise exception '不能签署自己参与编写的复盘 | Nobody signs what they wrote themselves' using errcode = 'EG403';
  end if;
  if found_one.version <> sign_retrospective.version then
    raise exception '您打开之后，这份复盘又有改动 | It was changed since you opened it'
      using errcode = 'EG409', hint = '请刷新后再签署 | Read it again, then sign';
  end if;

  select coalesce(jsonb_agg(to_jsonb(actions) order by actions.id), '[]')
  into decided
  from (
    select
      retrospective_actions.id,
      retrospective_actions.decision,
      users.name as owner,
      retrospective_actions.due_on,
      retrospective_actions.metric,
      retrospective_actions.status,
      retrospective_actions.late,
      retrospective_actions.outcome
    from base.retrospective_actions
    inner join app.users
      on users.id = retrospective_actions.owner_id
    where retrospective_actions.month_on = found_one.month_on
  ) as actions;

  select encode(sha256(convert_to(concat_ws(e'\n', snapshots.sha256, found_one.text, decided::text), 'UTF8')), 'hex')
  into strict fingerprint
  from app.retrospective_snapshots as snapshots
  where snapshots.retrospective_id = found_one.id;

  insert into app.retrospective_signatures (retrospective_id, signed_by, text, actions, sha256)
  values (found_one.id, user_id, found_one.text, decided, fingerprint);
  return fingerprint;
end;
$$;

comment on function ops.sign_retrospective(bigint, bigint, integer) is
  'Signs a retrospective that is in review, with its text and the actions decided in it, for good: never by one of its authors. Returns the fingerprint.';
