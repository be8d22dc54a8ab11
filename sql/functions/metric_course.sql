-- The arithmetic of a course is here and nowhere else: the API only sums the columns that a metric names.
create function report.metric_course(
  parts jsonb,
  metric text,
  grain text,
  first_on date,
  today_on date,
  known_until date,
  ratio boolean,
  fills boolean,
  interval_kind text,
  matures integer
)
returns table (
  step_on date,
  until_on date,
  state text,
  num numeric,
  den numeric,
  value numeric,
  low numeric,
  high numeric,
  previous_value numeric,
  previous_difference numeric,
  previous_change numeric,
  last_year_value numeric,
  last_year_difference numeric,
  last_year_change numeric,
  target numeric,
  difference_low numeric,
  difference_high numeric,
  limit_low numeric,
  limit_high numeric,
  signal boolean
)
language sql
stable
begin atomic
  with step as (
    select ('1 ' || grain)::interval as length
  ),

  given as (
    select
      given.step_on,
      given.num,
      given.den
    from jsonb_to_recordset(parts) as given (step_on date, num numeric, den numeric)
  ),

  steps as (
    select
      each_step::date as step_on,
      (each_step + step.length)::date as until_on
    from step
    cross join generate_series(
      (select min(given.step_on) from given)::timestamp,
      least(today_on, known_until)::timestamp,
      step.length
    ) as each_step
  ),

  amounts as (
    select
      steps.step_on,
      steps.until_on,
      case when fills then coalesce(given.num, 0) else given.num end as num,
      case when fills and ratio then coalesce(given.den, 0) else given.den end as den
    from steps
    left join given
      on given.step_on = steps.step_on
    -- Of a day that goes on, nothing yet is nothing known.
    where given.step_on is not null
      or steps.until_on <= known_until
  ),

  valued as (
    select
      amounts.step_on,
      amounts.until_on,
      amounts.num,
      amounts.den,
      case when ratio then round(amounts.num / nullif(amounts.den, 0), 6) else amounts.num end as value,
      case
        when amounts.until_on > known_until then 'running'
        when amounts.until_on + matures > known_until + 1 then 'immature'
        else 'whole'
      end as state
    from amounts
  ),

  -- What goes on or is young says nothing about how much the metric usually moves.
  usual as (
    select array_agg(valued.value order by valued.step_on) as course
    from valued
    where valued.state = 'whole'
      and valued.step_on >= first_on
  ),

  limits as (
    select
      report.xmr_low(usual.course) as low,
      report.xmr_high(usual.course) as high
    from usual
  )

  select
    valued.step_on,
    valued.until_on,
    valued.state,
    valued.num,
    valued.den,
    valued.value,
    case when interval_kind = 'wilson' then report.wilson_low(valued.num, valued.den) end as low,
    case when interval_kind = 'wilson' then report.wilson_high(valued.num, valued.den) end as high,
    previous.value as previous_value,
    valued.value - previous.value as previous_difference,
    round(valued.value / nullif(previous.value, 0) - 1, 6) as previous_change,
    last_year.value as last_year_value,
    valued.value - last_year.value as last_year_difference,
    round(valued.value / nullif(last_year.value, 0) - 1, 6) as last_year_change,
    metric_targets.target,
    case
      when interval_kind = 'wilson' then report.newcombe_low(valued.num, valued.den, previous.num, previous.den)
    end as difference_low,
    case
      when interval_kind = 'wilson' then report.newcombe_high(valued.num, valued.den, previous.num, previous.den)
    end as difference_high,
    limits.low as limit_low,
    limits.high as limit_high,
    coalesce(valued.state = 'whole' and not valued.value between limits.low and limits.high, false) as signal
  from valued
  cross join step
  cross join limits
  left join valued as previous
    on previous.step_on = (valued.step_on - step.length)::date
  left join valued as last_year
    on last_year.step_on = case
      -- The same day of the week.
      when grain in ('day', 'week') then valued.step_on - 364
      else (valued.step_on - interval '1 year')::date
    end
  left join report.metric_targets
    on metric_targets.metric_code = metric
    and metric_targets.grain = metric_course.grain
    and metric_targets.starts_on <= valued.step_on
    and (metric_targets.until_on > valued.step_on or metric_targets.until_on is null)
  where valued.step_on >= first_on
  order by valued.step_on;
end;

comment on function report.metric_course(jsonb, text, text, date, date, date, boolean, boolean, text, integer) is
  'A metric over time
One row per step from first_on on. parts are {step_on, num, den} of each step with facts; known_until is the first day that is
not known whole: a step that reaches beyond it is running, one whose customers have not had their days since is immature. A whole step outside the XmR limits is a signal.';
