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
),

-- Not a full join: of that, the days that are asked for would be picked at the end.
days as (
  select
    members.community_id,
    members.day,
    members.joined,
    members.converted,
    0 as posted
  from members
  union all
  select
    posts.community_id,
    posts.day,
    0 as joined,
    0 as converted,
    posts.posted
  from posts
)

select
  communities.code as community_code,
  communities.name as community_name,
  communities.name_en as community_name_en,
  days.day,
  sum(days.joined)::bigint as joined_count,
  sum(days.converted)::bigint as converted_count,
  sum(days.posted)::bigint as post_count
from days
inner join app.communities
  on communities.id = days.community_id
group by communities.id, days.day;

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
