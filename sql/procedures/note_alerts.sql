-- Judged, written down and told in one transaction: whoever is stopped half-way has told nothing, whoever comes second finds it told.
create function ops.note_alerts(of_rule jsonb, points jsonb, failure text, at timestamptz)
returns integer
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  programme base.programme;
  wanted constant integer := coalesce((of_rule ->> 'for')::integer, 1);
  told_now integer;
  found_at timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen alert ' || (of_rule ->> 'rule'), 0));
  select * into programme from base.programme;
  found_at := clock_timestamp();

  with levels as (
    select
      alert_levels.*,
      row_number() over (partition by alert_levels.subject order by alert_levels.bucket_on desc) as age
    from ops.alert_levels(of_rule, note_alerts.points)
    where note_alerts.failure is null
  ),

  found as (
    select
      levels.subject,
      max(levels.subject_text) as subject_text,
      max(levels.subject_text_en) as subject_text_en,
      max(levels.bucket_on) as bucket_on,
      max(levels.value) filter (where levels.age = 1) as value,
      max(levels.threshold) filter (where levels.age = 1) as threshold,
      case
        when of_rule ->> 'step' is not null
          and max(levels.bucket_on) + 2 * ('1 ' || (of_rule ->> 'step'))::interval <= programme.observed_until then 'no_data'
        when max(levels.level) filter (where levels.age = 1) = 'no_data' then 'no_data'
        when max(levels.level) filter (where levels.age = 1) = 'ok' then 'ok'
        when count(*) filter (where levels.age <= wanted and levels.level = 'bad') = wanted then 'bad'
        when count(*) filter (where levels.age <= wanted and levels.level in ('warn', 'bad')) = wanted then 'warn'
        else 'pending'
      end as state
    from levels
    group by levels.subject
  ),

  -- A report that fails or is empty is one alert, not one of each series that it had.
  judged as (
    select
      found.subject,
      found.subject_text,
      found.subject_text_en,
      found.bucket_on,
      found.value,
      found.threshold,
      found.state
    from found

    union all

    select
      '{}'::jsonb,
      '',
      '',
      null::date,
      null::numeric,
      null::numeric,
      case when note_alerts.failure is null then 'no_data' else 'error' end
    where note_alerts.failure is not null
      or jsonb_array_length(note_alerts.points) = 0

    union all

    select
      alerts.subject,
      alerts.subject_text,
      alerts.subject_text_en,
      alerts.bucket_on,
      null::numeric,
      null::numeric,
      case when of_rule ->> 'step' is null or alerts.subject = '{}' then 'ok' else 'no_data' end
    from app.alerts
    where alerts.rule = of_rule ->> 'rule'
      and exists (select from found)
      and not exists (select from found where found.subject = alerts.subject)
  ),

  before as (
    select alerts.*
    from app.alerts
    where alerts.rule = of_rule ->> 'rule'
    for update
  ),

  spoken as (
    select
      judged.*,
      before.id as alert_id,
      before.state as from_state,
      before.since_at,
      coalesce(before.told, '{}') as told,
      case
        when before.snoozed_until_on > programme.today_on then null
        when judged.state = 'ok' and before.told <> '{}' then 'recovered'
        when judged.state in ('bad', 'no_data', 'error') and not judged.state = any (coalesce(before.told, '{}')) then judged.state
        when judged.state = 'warn' and not coalesce(before.told, '{}') && array['warn', 'bad'] then 'warn'
      end as notice
    from judged
    left join before
      on before.subject = judged.subject
    -- What was looked at earlier does not undo what was found later.
    where before.judged_at < note_alerts.at
      or before.id is null
  ),

  written as (
    insert into app.alerts (
      rule, subject, report, metric, area, name, name_en, subject_text, subject_text_en, unit, roles, owner, owner_id, state, since_at,
      bucket_on, value, threshold, value_text, threshold_text, failure, told, judged_at
    )
    select
      of_rule ->> 'rule',
      spoken.subject,
      of_rule ->> 'report',
      of_rule ->> 'metric',
      of_rule ->> 'area',
      of_rule ->> 'name',
      of_rule ->> 'name_en',
      spoken.subject_text,
      spoken.subject_text_en,
      of_rule ->> 'unit',
      array(select jsonb_array_elements_text(of_rule -> 'roles')),
      of_rule ->> 'owner',
      (of_rule ->> 'owner_id')::bigint,
      spoken.state,
      case when spoken.state = spoken.from_state then spoken.since_at else found_at end,
      spoken.bucket_on,
      spoken.value,
      spoken.threshold,
      ops.figure_text(spoken.value, of_rule ->> 'unit'),
      ops.figure_text(spoken.threshold, of_rule ->> 'unit'),
      case when spoken.state = 'error' then left(note_alerts.failure, 500) end,
      case
        when spoken.notice = 'recovered' then '{}'
        when spoken.notice is not null then spoken.told || spoken.notice
        else spoken.told
      end,
      note_alerts.at
    from spoken
    on conflict on constraint alerts_key do update set
      report = excluded.report,
      metric = excluded.metric,
      area = excluded.area,
      name = excluded.name,
      name_en = excluded.name_en,
      subject_text = excluded.subject_text,
      subject_text_en = excluded.subject_text_en,
      unit = excluded.unit,
      roles = excluded.roles,
      owner = excluded.owner,
      owner_id = excluded.owner_id,
      state = excluded.state,
      since_at = excluded.since_at,
      bucket_on = excluded.bucket_on,
      value = excluded.value,
      threshold = excluded.threshold,
      value_text = excluded.value_text,
      threshold_text = excluded.threshold_text,
      failure = excluded.failure,
      told = excluded.told,
      judged_at = excluded.judged_at,
      version = alerts.version + case when excluded.state = alerts.state then 0 else 1 end,
      updated_at = case when excluded.state = alerts.state then alerts.updated_at else now() end
    returning alerts.id, alerts.subject
  ),

  changed as (
    insert into app.alert_changes (
      alert_id, happened_at, from_state, state, bucket_on, value, threshold, value_text, threshold_text, notice, note
    )
    select
      written.id,
      found_at,
      spoken.from_state,
      spoken.state,
      spoken.bucket_on,
      spoken.value,
      spoken.threshold,
      ops.figure_text(spoken.value, of_rule ->> 'unit'),
      ops.figure_text(spoken.threshold, of_rule ->> 'unit'),
      spoken.notice,
      case when spoken.state = 'error' then left(note_alerts.failure, 500) end
    from spoken
    inner join written
      on written.subject = spoken.subject
    where spoken.state is distinct from coalesce(spoken.from_state, 'ok')
      or spoken.notice is not null
    returning alert_changes.id, alert_changes.notice
  )

  select count(*) filter (where changed.notice is not null)
  into told_now
  from changed;

  if told_now > 0 then
    perform ops.tell_alerts(of_rule ->> 'rule', found_at);
  end if;
  return told_now;
end;
$$;

comment on function ops.note_alerts(jsonb, jsonb, text, timestamptz) is
  'How a status rule stands: judges its points, keeps what changed, and queues what is to be told. Returns how many notices there are.
A series that is no longer among the points has no data; of a report without time it is in order. failure: why there are no points at all. at: when they were read. for: after so many steps in a row.';
