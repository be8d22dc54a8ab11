create function ops.publish_segment_rule_set_version(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  version app.segment_rule_set_versions;
  today_on date := (select programme.today_on from base.programme);
  from_on date;
  until_on date;
begin
  -- One publication per rule set at a time: the set first, then its versions.
  perform
  from app.segment_rule_sets
  where segment_rule_sets.id = (
    select segment_rule_set_versions.rule_set_id
    from app.segment_rule_set_versions
    where segment_rule_set_versions.id = record_id
  )
  for update;

  select segment_rule_set_versions.*
  into version
  from app.segment_rule_set_versions
  where segment_rule_set_versions.id = record_id
  for update;

  if not found then
    raise exception '没有这个版本 | There is no such version' using errcode = 'EG404';
  end if;

  if version.state <> 'draft' then
    raise exception '只有草稿可以发布 | Only a draft can be published'
      using errcode = 'EG409', hint = '请基于它新建版本 | Make a new version of it';
  end if;

  if jsonb_array_length(version.rules) = 0 then
    raise exception '没有规则，所有客户都会落入“其他” | Without rules every customer would be in "Other"'
      using errcode = 'EG422', hint = '请至少添加一条规则 | Add a rule first';
  end if;

  from_on := coalesce((input ->> 'effective_from')::date, version.effective_from, today_on);

  if from_on < today_on and not coalesce((input ->> 'allow_past')::boolean, false) then
    raise exception '生效日期 % 早于今天，会改写历史客群 | % is in the past: segments of past days would change', from_on, from_on
      using errcode = 'EG422', column = 'effective_from',
        hint = '请选择今天或以后，或确认改写历史 | Choose today or later, or confirm that history is to change';
  end if;

  -- It holds until the next version that is published already begins.
  select min(segment_rule_set_versions.effective_from)
  into until_on
  from app.segment_rule_set_versions
  where segment_rule_set_versions.rule_set_id = version.rule_set_id
    and segment_rule_set_versions.state = 'published'
    and segment_rule_set_versions.effective_from > from_on;

  -- One that begins the same day gives way as a whole, one that began before ends here.
  update app.segment_rule_set_versions
  set
    state = case
      when segment_rule_set_versions.effective_from = from_on then 'retired'
      else segment_rule_set_versions.state
    end,
    effective_to = case
      when segment_rule_set_versions.effective_from = from_on then segment_rule_set_versions.effective_to
      else from_on
    end,
    version = segment_rule_set_versions.version + 1,
    updated_at = now()
  where segment_rule_set_versions.rule_set_id = version.rule_set_id
    and segment_rule_set_versions.state = 'published'
    and segment_rule_set_versions.effective_from <= from_on
    and (segment_rule_set_versions.effective_to > from_on or segment_rule_set_versions.effective_to is null);

  update app.segment_rule_set_versions
  set
    state = 'published',
    effective_from = from_on,
    effective_to = until_on,
    published_by = user_id,
    published_at = now(),
    version = segment_rule_set_versions.version + 1,
    updated_at = now()
  where segment_rule_set_versions.id = record_id;

  update app.segment_snapshots
  set stale = true
  where segment_snapshots.rule_set_id = version.rule_set_id
    and segment_snapshots.as_of_on >= from_on
    and (segment_snapshots.as_of_on < until_on or until_on is null);

  return jsonb_build_object(
    'id', record_id,
    'message', jsonb_build_array(
      format('版本 %s 自 %s 起生效', version.number, from_on)
        || coalesce('，至 ' || until_on || ' 的后续版本为止', ''),
      format('Version %s is in force from %s', version.number, from_on)
        || coalesce(' until the version of ' || until_on, '')
    )
  );
end;
$$;

comment on function ops.publish_segment_rule_set_version(bigint, bigint, jsonb) is
  'Action of a draft version: publishes it from input.effective_from (its own date, else today; the past only with
input.allow_past). The version in force ends there; one that is to begin later keeps its time. Days computed under other rules
become stale and are computed again by the job.';
