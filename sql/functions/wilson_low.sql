create function report.wilson_low(successes numeric, trials numeric)
returns numeric
language sql
immutable
parallel safe
return case
  when trials > 0 and successes between 0 and trials then
    round(
      greatest(
        (successes + 1.920729410347062) / (trials + 3.841458820694124)
        - 1.959963984540054 * sqrt(successes * (trials - successes) / trials + 0.960364705173531) / (trials + 3.841458820694124),
        0
      ),
      6
    )
end;

comment on function report.wilson_low(numeric, numeric) is
  'Lower end of the Wilson score interval, 95 %
Of a rate of so many successes in so many trials, each of which succeeds or does not; null without trials.';
