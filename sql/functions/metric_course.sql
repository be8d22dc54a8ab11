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
  matures integer,
  good text
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
  target_difference numeric,
  expected numeric,
  status text,
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
      given.den,
      given.part_num,
      given.part_den
    from jsonb_to_recordset(parts) as given (step_on date, num numeric, den numeric, part_num numeric, part_den numeric)
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
      case when fills and ratio then coalesce(given.den, 0) else given.den end as den,
      given.part_num,
      given.part_den
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
      case when ratio then round(amounts.part_num / nullif(amounts.part_den, 0), 6) else amounts.part_num end as part_value,
      amounts.part_num,
      amounts.part_den,
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
  ),

  compared as (
    select
      valued.*,
      -- What goes on is compared with as many days of the others.
      case when valued.state = 'running' then previous.part_num else previous.num end as previous_num,
      case when valued.state = 'running' then previous.part_den else previous.den end as previous_den,
      case when valued.state = 'running' then previous.part_value else previous.value end as previous_value,
      case when valued.state = 'running' then last_year.part_value else last_year.value end as last_year_value,
      case when interval_kind = 'wilson' then report.wilson_low(valued.num, valued.den) end as low,
      case when interval_kind = 'wilson' then report.wilson_high(valued.num, valued.den) end as high,
      metric_targets.target,
      metric_targets.margin_rate,
      (known_until - valued.step_on)::numeric / (valued.until_on - valued.step_on) as passed,
      -- A sum grows with the days; a rate or a level is to be what it is to be on each of them.
      metric_targets.target
      * case
        when valued.state = 'running' and fills and not ratio
          then round((known_until - valued.step_on)::numeric / (valued.until_on - valued.step_on), 6)
        else 1
      end as expected
    from valued
    cross join step
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
  )

  select
    compared.step_on,
    compared.until_on,
    compared.state,
    compared.num,
    compared.den,
    compared.value,
    compared.low,
    compared.high,
    compared.previous_value,
    compared.value - compared.previous_value as previous_difference,
    round(compared.value / nullif(compared.previous_value, 0) - 1, 6) as previous_change,
    compared.last_year_value,
    compared.value - compared.last_year_value as last_year_difference,
    round(compared.value / nullif(compared.last_year_value, 0) - 1, 6) as last_year_change,
    compared.target,
    compared.value - compared.expected as target_difference,
    compared.expected,
    case
      when compared.target is null or good = 'none' then null
      when compared.value is null
        or compared.state = 'immature'
        or (compared.state = 'running' and compared.passed < 0.25)
        or (ratio and interval_kind <> 'none' and compared.den < 30) then 'too_early'
      else report.target_status(compared.value, compared.low, compared.high, compared.expected, good, compared.margin_rate)
    end as status,
    case
      when interval_kind = 'wilson'
        then report.newcombe_low(compared.num, compared.den, compared.previous_num, compared.previous_den)
    end as difference_low,
    case
      when interval_kind = 'wilson'
        then report.newcombe_high(compared.num, compared.den, compared.previous_num, compared.previous_den)
    end as difference_high,
    limits.low as limit_low,
    limits.high as limit_high,
    coalesce(compared.state = 'whole' and not compared.value between limits.low and limits.high, false) as signal
  from compared
  cross join limits
  order by compared.step_on;
end;

comment on function report.metric_course(jsonb, text, text, date, date, date, boolean, boolean, text, integer, text) is
  'A metric over time
One row per step from first_on on. parts are {step_on, num, den, part_num, part_den} of each step with facts, the latter of its first days, as many as the
step that goes on has had (null where days are not told apart); known_until is the first day that is not known whole: a step that reaches beyond it is running and
compared with as many days of others, one whose customers have not had their days since is immature. A whole step outside the XmR limits is a signal. expected: the target, of a sum
that goes on its share of the days; status as report.target_status has it, too_early before a quarter of the step, while it is immature, and of a share of fewer than thirty.';
