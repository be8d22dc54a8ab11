create function ops.digest_slot(frequency text, weekday integer, hour integer, at timestamptz, time_zone text)
returns timestamptz
language sql
stable
begin atomic
  with clock as (
    select at at time zone time_zone as local_at
  ),

  first_days as (
    select
      clock.local_at,
      case frequency
        when 'weekly' then date_trunc('week', clock.local_at) + make_interval(days => weekday - 1, hours => hour)
        else date_trunc('day', clock.local_at) + make_interval(hours => hour)
      end as slot_at,
      case frequency when 'weekly' then interval '7 days' else interval '1 day' end as length
    from clock
  )

  select case
    when first_days.slot_at <= first_days.local_at then first_days.slot_at
    else first_days.slot_at - first_days.length
  end at time zone time_zone
  from first_days
  where frequency <> 'at_once';
end;

comment on function ops.digest_slot(text, integer, integer, timestamptz, text) is
  'When the last digest up to a moment was due, by the programme''s clock; null for what is told at once. weekday: 1 is Monday.';
