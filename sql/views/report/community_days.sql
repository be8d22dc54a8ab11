create view report.community_days as

with members as (
  select
    community_members.community_id,
    community_members.joined_on as day,
    count(*) as joined,
    count(*) filter (where exists (
      select
      from app.orders
      where orders.customer_id = community_members.customer_id
        and orders.status in ('paid', 'completed')
        and coalesce(orders.paid_at, orders.placed_at) > community_members.joined_at
        and coalesce(orders.paid_at, orders.placed_at) <= community_members.joined_at + make_interval(days => communities.goal_days)
    )) as converted
  from app.community_members
  inner join app.communities
    on communities.id = community_members.community_id
  group by community_members.community_id, community_members.joined_on
),

posts as (
  select
    community_posts.community_id,
    community_posts.posted_on as day,
    count(*) as posted
  from app.community_posts
  group by community_posts.community_id, community_posts.posted_on
)

select
  communities.code as community_code,
  communities.name as community_name,
  communities.name_en as community_name_en,
  coalesce(members.day, posts.day) as day,
  coalesce(members.joined, 0) as joined_count,
  coalesce(members.converted, 0) as converted_count,
  coalesce(posts.posted, 0) as post_count
from members
full join posts
  on posts.community_id = members.community_id
  and posts.day = members.day
inner join app.communities
  on communities.id = coalesce(members.community_id, posts.community_id);

comment on view report.community_days is
  'Communities by day
One row per community and day on which somebody joined it or something was posted.';
comment on column report.community_days.community_code is 'Community code
By which programs know the community.';
comment on column report.community_days.community_name is 'Community, Chinese
What it is called.';
comment on column report.community_days.community_name_en is 'Community
What it is called.';
comment on column report.community_days.day is 'Day
Programme day.';
comment on column report.community_days.joined_count is 'Joined
Customers who came in on the day.';
comment on column report.community_days.converted_count is 'Converted
Of these, who ordered within the days of the community''s goal.';
comment on column report.community_days.post_count is 'Posts
What was posted on the day.';
