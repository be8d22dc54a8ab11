create function ops.request_segment_history(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  today_on date := (select programme.today_on from base.programme);
  first_fact_on date := (select min(order_day.day) from app.order_day);
  from_on date := coalesce((input ->> 'from_on')::date, first_fact_on + 1);
  to_on date := least(coalesce((input ->> 'to_on')::date, today_on), today_on);
  step interval := case input ->> 'step'
    when 'month' then interval '1 month'
    when 'week' then interval '7 days'
    else interval '1 day'
  end;
  asked bigint;
begin
  if from_on is null then
    raise exception '还没有订单，无从补算 | There are no orders yet to compute from' using errcode = 'EG409';
  end if;

  if from_on > to_on then
    raise exception '开始日期晚于结束日期 | The first day is after the last' using errcode = 'EG422', column = 'from_on';
  end if;

  if to_on - from_on > 3660 or (step = interval '1 day' and to_on - from_on > 800) then
    raise exception '一次最多补算 800 天 | At most 800 days at once'
      using errcode = 'EG422', column = 'from_on', hint = '可改为按周或按月 | Weeks or months reach further';
  end if;

  with days as (
    select distinct series.day::date as as_of_on
    from generate_series(from_on::timestamp, to_on::timestamp, step) as series (day)
    union
    select to_on as as_of_on
  ),

  versions as (
    select distinct on (days.as_of_on)
      days.as_of_on,
      segment_rule_set_versions.id
    from days
    inner join app.segment_rule_set_versions
      on segment_rule_set_versions.rule_set_id = record_id
      and segment_rule_set_versions.state = 'published'
      and segment_rule_set_versions.effective_from <= days.as_of_on
      and (segment_rule_set_versions.effective_to > days.as_of_on or segment_rule_set_versions.effective_to is null)
  )

  insert into app.segment_snapshots (rule_set_id, as_of_on, rule_set_version_id, stale, computed_at)
  select
    record_id,
    versions.as_of_on,
    versions.id,
    true,
    null
  from versions
  on conflict (rule_set_id, as_of_on) do nothing;

  get diagnostics asked = row_count;

  if asked = 0 then
    raise exception '这些日期都已计算，或没有生效的版本 | These days are computed already, or no version is in force then'
      using errcode = 'EG409';
  end if;

  return jsonb_build_object(
    'days', asked,
    'message', jsonb_build_array(
      format('将补算 %s 天，从最近的日期开始', asked),
      format('%s days will be computed, the latest first', asked)
    )
  );
end;
$$;

comment on function ops.request_segment_history(bigint, bigint, jsonb) is
  'Action of a rule set: asks for the days from input.from_on (the first fact) to input.to_on (today), by input.step (day, week,
month), that were never computed. The snapshot job computes them in the background under the version in force on each day.';
