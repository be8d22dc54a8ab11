create function ops.guard_community_members(record_id bigint, user_id bigint, before jsonb, after jsonb)
returns void
language plpgsql
volatile
as $$
declare
  held app.communities;
begin
  if before is not null or after is null then
    return;
  end if;
  -- Whoever takes somebody in waits for whoever does the same; the member's own reference to the community does not.
  select * into held from app.communities where communities.id = (after ->> 'community_id')::bigint for no key update;

  if held.max_members < (
    select count(*)
    from app.community_members
    where community_members.community_id = held.id
      and community_members.left_at is null
  ) then
    raise exception '社群人数已达上限 | The community is full' using errcode = 'EG422', column = 'community_id', detail = 'limit_reached';
  end if;

  update app.community_members
  set joined_on = (community_members.joined_at at time zone settings.time_zone)::date
  from app.settings
  where community_members.id = record_id;
end;
$$;

comment on function ops.guard_community_members(bigint, bigint, jsonb, jsonb) is 'Nobody is taken into a community that is full.';
