-- Counted before the password is looked at, so that thirty-two attempts at once get no more guesses than one after another.
create function ops.count_sign_in(attempted bytea)
returns integer
language sql
volatile
begin atomic
  insert into app.sign_in_failures as sign_in_failures (email_hash, failures)
  values (attempted, 1)
  on conflict (email_hash) do update set
    failures = case
      when sign_in_failures.last_at < now() - interval '1 day' then 1
      else sign_in_failures.failures + 1
    end,
    last_at = now(),
    -- The fifth wrong password in a row waits 30 s, each one after it twice as long, never more than 15 min.
    locked_until = case
      when sign_in_failures.last_at >= now() - interval '1 day' and sign_in_failures.failures >= 4
        then clock_timestamp()
          + least(interval '15 minutes', interval '30 seconds' * (2 ^ least(sign_in_failures.failures - 4, 10)))
    end
  where sign_in_failures.locked_until is null
    or sign_in_failures.locked_until <= clock_timestamp()
  returning failures;
end;

comment on function ops.count_sign_in(bytea) is
  'Counts one attempt to sign in under an address (given as its SHA-256) and returns how many in a row that makes;
null while the address is locked. A success deletes the row.';
