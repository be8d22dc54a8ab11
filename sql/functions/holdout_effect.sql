-- Statistics of two groups from their sums alone, so that no row of a customer leaves the database for them.
create function report.holdout_effect(
  treated bigint,
  treated_converted bigint,
  held_out bigint,
  held_out_converted bigint,
  holdout_rate numeric,
  treated_sums numeric[],
  held_out_sums numeric[]
)
returns table (
  treated_rate numeric,
  held_out_rate numeric,
  difference numeric,
  difference_low numeric,
  difference_high numeric,
  sample_ratio_fits boolean,
  spend_difference numeric,
  spend_low numeric,
  spend_high numeric,
  adjusted_difference numeric,
  adjusted_low numeric,
  adjusted_high numeric,
  verdict text
)
language sql
immutable
begin atomic
  with counted as (
    select
      treated::numeric as treated,
      held_out::numeric as held_out,
      (treated + held_out)::numeric as both_sides
  ),

  -- sums: of y, y squared, x, x squared and x y; y is what was spent, x what was spent before.
  means as (
    select
      counted.*,
      treated_sums[1] / nullif(counted.treated, 0) as treated_y,
      treated_sums[3] / nullif(counted.treated, 0) as treated_x,
      held_out_sums[1] / nullif(counted.held_out, 0) as held_out_y,
      held_out_sums[3] / nullif(counted.held_out, 0) as held_out_x,
      (treated_sums[1] + held_out_sums[1]) / nullif(counted.both_sides, 0) as y,
      (treated_sums[3] + held_out_sums[3]) / nullif(counted.both_sides, 0) as x
    from counted
  ),

  spreads as (
    select
      means.*,
      coalesce(
        (treated_sums[5] + held_out_sums[5] - means.both_sides * means.x * means.y)
        / nullif(treated_sums[4] + held_out_sums[4] - means.both_sides * means.x * means.x, 0),
        0
      ) as slope,
      treated_sums[2] - means.treated * means.treated_y * means.treated_y as treated_yy,
      treated_sums[4] - means.treated * means.treated_x * means.treated_x as treated_xx,
      treated_sums[5] - means.treated * means.treated_x * means.treated_y as treated_xy,
      held_out_sums[2] - means.held_out * means.held_out_y * means.held_out_y as held_out_yy,
      held_out_sums[4] - means.held_out * means.held_out_x * means.held_out_x as held_out_xx,
      held_out_sums[5] - means.held_out * means.held_out_x * means.held_out_y as held_out_xy
    from means
  ),

  errors as (
    select
      spreads.*,
      spreads.treated_y - spreads.held_out_y as plain,
      spreads.treated_y - spreads.held_out_y - spreads.slope * (spreads.treated_x - spreads.held_out_x) as adjusted,
      sqrt(
        greatest(spreads.treated_yy, 0) / nullif(spreads.treated * (spreads.treated - 1), 0)
        + greatest(spreads.held_out_yy, 0) / nullif(spreads.held_out * (spreads.held_out - 1), 0)
      ) as plain_error,
      sqrt(
        greatest(spreads.treated_yy - 2 * spreads.slope * spreads.treated_xy + spreads.slope * spreads.slope * spreads.treated_xx, 0)
        / nullif(spreads.treated * (spreads.treated - 1), 0)
        + greatest(spreads.held_out_yy - 2 * spreads.slope * spreads.held_out_xy + spreads.slope * spreads.slope * spreads.held_out_xx, 0)
        / nullif(spreads.held_out * (spreads.held_out - 1), 0)
      ) as adjusted_error
    from spreads
  ),

  compared as (
    select
      round(treated_converted / nullif(errors.treated, 0), 6) as treated_rate,
      round(held_out_converted / nullif(errors.held_out, 0), 6) as held_out_rate,
      report.newcombe_low(treated_converted, errors.treated, held_out_converted, errors.held_out) as difference_low,
      report.newcombe_high(treated_converted, errors.treated, held_out_converted, errors.held_out) as difference_high,
      -- Chi-square of one degree: beyond 10.828 in one of a thousand draws.
      coalesce(
        power(errors.held_out - errors.both_sides * holdout_rate, 2)
        / nullif(errors.both_sides * holdout_rate * (1 - holdout_rate), 0) <= 10.828,
        true
      ) as sample_ratio_fits,
      round(errors.plain, 2) as spend_difference,
      round(errors.plain - 1.959964 * errors.plain_error, 2) as spend_low,
      round(errors.plain + 1.959964 * errors.plain_error, 2) as spend_high,
      round(errors.adjusted, 2) as adjusted_difference,
      round(errors.adjusted - 1.959964 * errors.adjusted_error, 2) as adjusted_low,
      round(errors.adjusted + 1.959964 * errors.adjusted_error, 2) as adjusted_high,
      least(errors.treated, errors.held_out) as fewer
    from errors
  )

  select
    compared.treated_rate,
    compared.held_out_rate,
    compared.treated_rate - compared.held_out_rate as difference,
    compared.difference_low,
    compared.difference_high,
    compared.sample_ratio_fits,
    compared.spend_difference,
    compared.spend_low,
    compared.spend_high,
    compared.adjusted_difference,
    compared.adjusted_low,
    compared.adjusted_high,
    case
      when not compared.sample_ratio_fits then 'ratio_off'
      when compared.fewer < 30 then 'too_few'
      when compared.difference_low > 0 then 'more'
      when compared.difference_high < 0 then 'less'
      else 'unclear'
    end as verdict
  from compared;
end;

comment on function report.holdout_effect(bigint, bigint, bigint, bigint, numeric, numeric[], numeric[]) is
  'What a campaign or automation did, beside those who were held out of it
One row. Rates of who ordered and their difference with Newcombe''s interval; spend per customer and its difference with the normal one; adjusted: the same less what the spend
before explains (CUPED, one slope for both sides). The sums of each side: of spend, its squares, spend before, its squares, and the products. verdict: ratio_off (so many or few
held out come about once in a thousand draws: something else than chance divided them), too_few (a side of fewer than thirty), more, less, unclear (the interval holds nought).';
