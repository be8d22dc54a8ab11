create function ops.quiet_until(at timestamptz)
returns timestamptz
language sql
stable
begin atomic
  select
    case
      when hours.quiet_from is null then null
      when hours.quiet_from < hours.quiet_until and hours.clock >= hours.quiet_from and hours.clock < hours.quiet_until
        then (hours.today + hours.quiet_until) at time zone hours.time_zone
      when hours.quiet_from > hours.quiet_until and hours.clock >= hours.quiet_from
        then (hours.today + 1 + hours.quiet_until) at time zone hours.time_zone
      when hours.quiet_from > hours.quiet_until and hours.clock < hours.quiet_until
        then (hours.today + hours.quiet_until) at time zone hours.time_zone
    end
  from (
    select
      settings.time_zone,
      settings.quiet_from::time as quiet_from,
      settings.quiet_until::time as quiet_until,
      (quiet_until.at at time zone settings.time_zone)::date as today,
      (quiet_until.at at time zone settings.time_zone)::time as clock
    from app.settings
  ) as hours;
end;

comment on function ops.quiet_until(timestamptz) is
  'While nobody is to be disturbed: when that ends, by the clock of the programme. Null at any other time.';
