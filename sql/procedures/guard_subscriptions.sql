-- What is sent goes to whoever subscribed: nobody has somebody else's sent at another time, but administrators may end it.
create function ops.guard_subscriptions(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
stable
as $$
begin
  if after is not null and (after ->> 'user_id')::bigint <> guard_subscriptions.user_id and after ->> 'status' = 'active' then
    raise exception '只能修改自己的订阅；管理员可以暂停或删除 | Only one''s own may be changed; administrators may pause or delete'
      using errcode = 'EG403';
  end if;
end;
$$;

comment on function ops.guard_subscriptions(bigint, bigint, jsonb, jsonb) is 'A subscription is changed by whoever it is sent to.';
