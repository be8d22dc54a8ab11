-- The arithmetic of goals is here and nowhere else: the API only says which columns a metric sums.
create function report.goal_standing(
  parts jsonb,
  grain text,
  before_on date,
  starts_on date,
  due_on date,
  known_until date,
  gathers text,
  interval_kind text,
  direction text,
  target_kind text,
  target numeric,
  target_max numeric,
  given_baseline numeric,
  measure text
)
returns table (
  phase text,
  passed_rate numeric,
  before_value numeric,
  before_num numeric,
  before_den numeric,
  before_steps integer,
  baseline numeric,
  num numeric,
  den numeric,
  steps integer,
  actual numeric,
  low numeric,
  high numeric,
  difference numeric,
  difference_low numeric,
  difference_high numeric,
  change_rate numeric,
  target_value numeric,
  target_value_max numeric,
  expected numeric,
  gap numeric,
  status text
)
language sql
stable
begin atomic
  with given as (
    select
      given.step_on,
      (given.step_on + ('1 ' || grain)::interval)::date as until_on,
      given.num,
      given.den
    from jsonb_to_recordset(parts) as given (step_on date, num numeric, den numeric)
  ),

  -- Only steps that are known whole, and that lie on one side of the stage's first day.
  sides as (
    select
      given.step_on >= goal_standing.starts_on as within,
      count(*)::integer as steps,
      sum(given.num) as sum_num,
      sum(given.den) as sum_den,
      (array_agg(given.num order by given.step_on desc) filter (where given.num is not null))[1] as last_num,
      (array_agg(given.den order by given.step_on desc) filter (where given.den is not null))[1] as last_den
    from given
    where given.until_on <= known_until
      and given.step_on >= before_on
      and given.step_on <= goal_standing.due_on
      and (given.step_on >= goal_standing.starts_on or given.until_on <= goal_standing.starts_on)
    group by 1
  ),

  amounts as (
    select
      sides.within,
      sides.steps,
      case when gathers in ('last', 'last_ratio') then sides.last_num else sides.sum_num end as num,
      case when gathers = 'last_ratio' then sides.last_den when gathers = 'ratio' then sides.sum_den end as den
    from sides
  ),

  valued as (
    select
      amounts.within,
      amounts.steps,
      amounts.num,
      amounts.den,
      case gathers
        when 'sum' then amounts.num
        when 'last' then amounts.num
        when 'mean' then round(amounts.num / nullif(amounts.steps, 0), 6)
        else round(amounts.num / nullif(amounts.den, 0), 6)
      end as value
    from amounts
  ),

  reach as (
    select
      goal_standing.starts_on as from_on,
      goal_standing.due_on + 1 as until_on,
      least(greatest(known_until, goal_standing.starts_on), goal_standing.due_on + 1) as known_on
  ),

  time as (
    select
      case
        when known_until <= reach.from_on then 'ahead'
        when known_until >= reach.until_on then 'ended'
        else 'running'
      end as phase,
      round((reach.known_on - reach.from_on)::numeric / (reach.until_on - reach.from_on), 6) as passed_rate
    from reach
  ),

  compared as (
    select
      time.phase,
      time.passed_rate,
      before.value as before_value,
      before.num as before_num,
      before.den as before_den,
      coalesce(before.steps, 0) as before_steps,
      coalesce(given_baseline, before.value) as baseline,
      during.num,
      during.den,
      coalesce(during.steps, 0) as steps,
      case when gathers = 'sum' and time.phase <> 'ahead' then coalesce(during.value, 0) else during.value end as actual,
      case when interval_kind = 'wilson' then report.wilson_low(during.num, during.den) end as low,
      case when interval_kind = 'wilson' then report.wilson_high(during.num, during.den) end as high,
      case
        when interval_kind = 'wilson' then report.newcombe_low(during.num, during.den, before.num, before.den)
      end as difference_low,
      case
        when interval_kind = 'wilson' then report.newcombe_high(during.num, during.den, before.num, before.den)
      end as difference_high,
      case direction when 'down' then -1 else 1 end as sign
    from time
    left join valued as before
      on not before.within
      -- Of so few nothing can be said, nor a change from it.
      and not coalesce(interval_kind = 'wilson' and before.den < 30, false)
    left join valued as during
      on during.within
  ),

  aimed as (
    select
      compared.*,
      case target_kind
        when 'relative' then round(compared.baseline * (1 + compared.sign * goal_standing.target), 6)
        when 'points'
          then compared.baseline + compared.sign * goal_standing.target / case measure when 'rate' then 100 else 1 end
        else goal_standing.target
      end as target_value
    from compared
  ),

  paced as (
    select
      aimed.*,
      case
        when aimed.phase <> 'running' then aimed.target_value
        -- What is counted grows with the days; what is measured is on its way from where it stood.
        when gathers = 'sum' then round(aimed.target_value * aimed.passed_rate, 6)
        else round(aimed.target_value + (coalesce(aimed.baseline, aimed.target_value) - aimed.target_value) * (1 - aimed.passed_rate), 6)
      end as expected
    from aimed
  ),

  judged as (
    select
      paced.*,
      report.target_status(paced.actual, paced.low, paced.high, paced.expected, direction, 0.05) as against_pace
    from paced
  )

  select
    judged.phase,
    judged.passed_rate,
    judged.before_value,
    judged.before_num,
    judged.before_den,
    judged.before_steps,
    judged.baseline,
    judged.num,
    judged.den,
    judged.steps,
    judged.actual,
    judged.low,
    judged.high,
    case when gathers <> 'sum' then judged.actual - judged.before_value end as difference,
    judged.difference_low,
    judged.difference_high,
    -- A sum of part of a stage is no match for a whole one before.
    case
      when gathers <> 'sum' or judged.phase = 'ended' then round(judged.actual / nullif(judged.before_value, 0) - 1, 6)
    end as change_rate,
    judged.target_value,
    case when target_kind = 'absolute' then goal_standing.target_max end as target_value_max,
    judged.expected,
    judged.actual - judged.target_value as gap,
    case
      when judged.phase = 'ahead' then 'too_early'
      when goal_standing.target is null then null
      when judged.target_value is null then 'no_baseline'
      when judged.actual is null
        or (judged.phase = 'running' and judged.passed_rate < 0.25)
        or (interval_kind = 'wilson' and judged.den < 30) then 'too_early'
      -- What goes on may still get there.
      when judged.phase = 'running' and judged.against_pace = 'missed' then 'at_risk'
      else judged.against_pace
    end as status
  from judged;
end;

comment on function report.goal_standing(
  jsonb, text, date, date, date, date, text, text, text, text, numeric, numeric, numeric, text
) is
  'How a goal stands on the day before known_until
One row. parts: {step_on, num, den} of each step (day, week or month) with facts. The stage lasts from starts_on to due_on, what it is compared with begins on before_on;
steps that are not known whole or lie on both sides of starts_on are left out. gathers: sum (a count that grows), mean (per step), last (a level), ratio or last_ratio
(num over den, of sums or of the last ones). baseline: as given, else before_value, which is empty of a share of fewer than thirty. target_value: the target itself, baseline x (1 +- target) or baseline +- points (a hundredth
each of a rate). expected: the target''s share of the days of a sum, else the way from baseline to target; status against it as report.target_status has it, but what goes on is
at_risk at worst; too_early before the stage, before a quarter of it and of a share of fewer than thirty; no_baseline where the target needs one. difference: actual less
before_value, with Newcombe''s interval; it is a change, not an effect: nobody was held out.';
