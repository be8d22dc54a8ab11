-- Whether somebody else could administer. Asked under a lock, so that two who give up at once do not both hear yes.
create function ops.other_administrator(user_id bigint)
returns boolean
language plpgsql
volatile
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('evergreen last administrator', 0));
  return exists (
    select
    from app.users
    where users.status = 'active'
      and 'administrator' = any (users.roles)
      and users.password_hash is not null
      and users.id <> other_administrator.user_id
  );
end;
$$;

comment on function ops.other_administrator(bigint) is
  'True when an active administrator other than this person can sign in with a password. Holds a lock until the transaction ends.';
