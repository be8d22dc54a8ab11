create function ops.post_in_community(
  community bigint, template bigint, source text, external_id text, title text, at_time timestamptz
)
returns bigint
language plpgsql
volatile
as $$
#variable_conflict use_column
declare
  held app.communities;
  made bigint;
begin
  select * into held from app.communities where communities.id = community;

  insert into app.community_posts (community_id, template_id, source, external_id, title, posted_at, posted_on)
  select
    community,
    template,
    post_in_community.source,
    held.code || ' ' || post_in_community.external_id,
    post_in_community.title,
    at_time,
    (at_time at time zone settings.time_zone)::date
  from app.settings
  where held.status = 'active'
  on conflict (source, external_id) do nothing
  returning community_posts.id into made;
  if made is null then
    return null;
  end if;

  update app.community_posts
  set
    message_id = said.message_id,
    refusal = said.refusal
  from ops.queue_messages(
    template, array[0::bigint], post_in_community.source, array[held.code || ' ' || post_in_community.external_id],
    array[jsonb_strip_nulls(jsonb_build_object('community', held.name, 'group', held.group_ref))], at_time
  ) as said
  where community_posts.id = made;
  return made;
end;
$$;

comment on function ops.post_in_community(bigint, bigint, text, text, text, timestamptz) is
  'Posts a message of a template in an active community, once by source and number; through the same outbox as messages to customers. Null where it was posted before.';
