-- every: 20 4 * * *
-- label: 清理登录记录 | Clear old sign-ins
create function ops.sweep_sign_ins(as_of date)
returns bigint
language sql
volatile
begin atomic
  with sessions as (
    delete from app.sessions
    where sessions.expires_at < as_of
    returning 1
  ),

  links as (
    delete from app.sign_in_links
    where sign_in_links.expires_at < as_of
    returning 1
  ),

  failures as (
    delete from app.sign_in_failures
    where sign_in_failures.last_at < as_of - 1
    returning 1
  )

  select (select count(*) from sessions) + (select count(*) from links) + (select count(*) from failures);
end;

comment on function ops.sweep_sign_ins(date) is
  'Deletes sessions, one-time links and counts of wrong sign-ins that ended before the day; returns how many.';
