create function ops.import_time(spelled text, zone text)
returns timestamptz
language sql
stable
parallel safe
begin atomic
  select case
    when import_time.spelled ~ '(Z|[+-]\d\d(:?\d\d)?)$' and import_time.spelled ~ ':' then import_time.spelled::timestamptz
    else import_time.spelled::timestamp at time zone import_time.zone
  end;
end;

comment on function ops.import_time(text, text) is
  'A time as it was sent: with an offset it says itself which moment it is, without one it is read in the zone.';
