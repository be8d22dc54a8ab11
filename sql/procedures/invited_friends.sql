create function ops.invited_friends(referrer bigint)
returns table (friend_id bigint, at timestamptz)
language sql
stable
begin atomic
  select
    friends.id,
    friends.enrolled_at
  from app.customers as codes
  inner join app.customers as friends
    on friends.referrer_code = codes.external_id
  where (codes.id = invited_friends.referrer or codes.merged_into_id = invited_friends.referrer)
    and friends.id <> invited_friends.referrer
    -- One person who joined twice is one friend, and nobody is their own.
    and friends.merged_into_id is null
    and friends.status <> 'anonymous';
end;

comment on function ops.invited_friends(bigint) is
  'Who enrolled naming the customer as the one who invited them, also by a number of theirs that was merged since.';
