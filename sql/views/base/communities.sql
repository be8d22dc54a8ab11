create view base.communities as
select
  communities.id,
  communities.code,
  communities.name,
  communities.name_en,
  communities.status,
  communities.channel,
  communities.group_ref,
  communities.purpose,
  communities.owner_id,
  communities.joining,
  communities.max_members,
  communities.goal_days,
  coalesce(members.members, 0) as member_count,
  coalesce(posts.posts, 0) as post_count,
  posts.latest_on as last_post_on,
  communities.extras,
  communities.version,
  communities.created_at,
  communities.updated_at
from app.communities
left join lateral (
  select count(*) filter (where community_members.left_at is null) as members
  from app.community_members
  where community_members.community_id = communities.id
) as members
  on true
left join lateral (
  select
    count(*) as posts,
    max(community_posts.posted_on) as latest_on
  from app.community_posts
  where community_posts.community_id = communities.id
) as posts
  on true;

comment on view base.communities is
  'Communities
One row per group of customers, with its members now and its posts.';
