create function report.target_status(
  value numeric, low numeric, high numeric, target numeric, good text, margin_rate numeric
)
returns text
language sql
immutable
begin atomic
  select case
    when value is null or target is null or good = 'none' then null
    when case good when 'down' then value <= target else value >= target end then 'on_track'
    when case good
      when 'down' then coalesce(low, value - margin_rate * abs(target)) <= target
      else coalesce(high, value + margin_rate * abs(target)) >= target
    end then 'at_risk'
    else 'missed'
  end;
end;

comment on function report.target_status(numeric, numeric, numeric, numeric, text, numeric) is
  'How a figure stands to its target: on_track (reached it), at_risk (short of it, but its interval holds the target; without an interval, short by no
more than the margin), missed. good: up (the target is the least) or down (the most). Null without a target.';
