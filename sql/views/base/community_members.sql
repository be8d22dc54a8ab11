create view base.community_members as
select
  community_members.id,
  community_members.customer_id,
  community_members.community_id,
  communities.owner_id,
  '#' || community_members.id as number,
  community_members.joined_at,
  community_members.joined_on,
  community_members.joined_by,
  community_members.left_at,
  community_members.left_on,
  community_members.left_at is null as active,
  community_members.version
from app.community_members
inner join app.communities
  on communities.id = community_members.community_id;

comment on view base.community_members is
  'Members of communities
One row per customer and community they are, or were, in.';
