create function report.newcombe_high(successes numeric, trials numeric, other_successes numeric, other_trials numeric)
returns numeric
language sql
immutable
parallel safe
return round(
  successes / nullif(trials, 0) - other_successes / nullif(other_trials, 0)
  + sqrt(
    power(report.wilson_high(successes, trials) - successes / nullif(trials, 0), 2)
    + power(other_successes / nullif(other_trials, 0) - report.wilson_low(other_successes, other_trials), 2)
  ),
  6
);

comment on function report.newcombe_high(numeric, numeric, numeric, numeric) is
  'Upper end of Newcombe''s interval of a difference of two rates, 95 %
Of the first rate less the other, which are independent; null where either has no trials.';
