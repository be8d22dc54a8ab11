create function ops.alert_levels(of_rule jsonb, points jsonb)
returns table (
  subject jsonb,
  subject_text text,
  subject_text_en text,
  bucket_on date,
  value numeric,
  threshold numeric,
  level text
)
language sql
stable
begin atomic
  with given as (
    select
      point.subject,
      coalesce(point.subject_text, '') as subject_text,
      coalesce(point.subject_text_en, '') as subject_text_en,
      coalesce(point.bucket_on, programme.today_on) as bucket_on,
      point.value,
      point.reference,
      point.status
    from jsonb_to_recordset(points) as point (
      subject jsonb, subject_text text, subject_text_en text, bucket_on date, value numeric, reference numeric, status text
    )
    cross join base.programme
    -- What still goes on says nothing yet.
    where point.bucket_on is null
      or of_rule ->> 'step' is null
      or point.bucket_on + ('1 ' || (of_rule ->> 'step'))::interval <= programme.today_on
  ),

  compared as (
    select
      given.subject,
      given.subject_text,
      given.subject_text_en,
      given.bucket_on,
      given.value,
      given.status,
      case of_rule ->> 'against'
        when 'target' then coalesce(given.reference, metric_targets.target)
        when 'previous' then lag(given.value) over (partition by given.subject order by given.bucket_on)
      end as reference
    from given
    left join report.metric_targets
      on given.status is null
      and of_rule ->> 'against' = 'target'
      and metric_targets.metric_code = of_rule ->> 'metric'
      and metric_targets.grain = of_rule ->> 'step'
      and metric_targets.starts_on <= given.bucket_on
      and (metric_targets.until_on > given.bucket_on or metric_targets.until_on is null)
  ),

  measured as (
    select
      compared.*,
      case of_rule ->> 'against'
        when 'value' then compared.value
        else compared.value / nullif(compared.reference, 0) - 1
      end as measure,
      (of_rule ->> 'warn')::numeric as warn,
      (of_rule ->> 'bad')::numeric as bad,
      case of_rule ->> 'side' when 'above' then 1 else -1 end as sign
    from compared
  ),

  judged as (
    select
      measured.*,
      case
        when measured.status is not null then case measured.status
          when 'missed' then 'bad'
          when 'at_risk' then 'warn'
          when 'on_track' then 'ok'
        end
        when measured.value is null then 'no_data'
        when measured.measure * measured.sign >= measured.bad * measured.sign then 'bad'
        when measured.measure * measured.sign >= measured.warn * measured.sign then 'warn'
        else 'ok'
      end as level
    from measured
  )

  select
    judged.subject,
    judged.subject_text,
    judged.subject_text_en,
    judged.bucket_on,
    judged.value,
    case
      when judged.status is not null then judged.reference
      when of_rule ->> 'against' = 'value'
        then case judged.level when 'bad' then judged.bad else coalesce(judged.warn, judged.bad) end
      else judged.reference
        * (1 + case judged.level when 'bad' then judged.bad else coalesce(judged.warn, judged.bad) end)
    end as threshold,
    case when judged.value is null then 'no_data' else judged.level end as level
  from judged
  -- Too early to say: the step before counts.
  where judged.level is not null
    or judged.value is null;
end;

comment on function ops.alert_levels(jsonb, jsonb) is
  'How each point stands to its rule: ok, warn, bad or no_data, with the threshold that decides in the unit of the value.
of_rule: {metric, step, against: target | previous | value, side: below | above, warn, bad}; points: {subject, bucket_on, value} and, of a metric, the reference and status that
report.metric_course gave. Steps that go on are left out; a value without a reference is ok.';
