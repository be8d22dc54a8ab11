create function report.wilson_high(successes numeric, trials numeric)
returns numeric
language sql
immutable
parallel safe
return case
  when trials > 0 and successes between 0 and trials then
    round(
      least(
        (successes + 1.920729410347062) / (trials + 3.841458820694124)
        + 1.959963984540054 * sqrt(successes * (trials - successes) / trials + 0.960364705173531) / (trials + 3.841458820694124),
        1
      ),
      6
    )
end;

comment on function report.wilson_high(numeric, numeric) is
  'Upper end of the Wilson score interval, 95 %
Of a rate of so many successes in so many trials, each of which succeeds or does not; null without trials.';
