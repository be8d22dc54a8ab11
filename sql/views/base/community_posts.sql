create view base.community_posts as
select
  community_posts.id,
  community_posts.community_id,
  communities.owner_id,
  community_posts.template_id,
  community_posts.source,
  community_posts.external_id,
  community_posts.title,
  community_posts.posted_at,
  community_posts.posted_on,
  community_posts.message_id,
  community_posts.refusal
from app.community_posts
inner join app.communities
  on communities.id = community_posts.community_id;

comment on view base.community_posts is
  'Posts in communities
One row per post that was made, or refused and why.';
