-- Members of longest standing come first where there is room for some only. Who left is not taken in again.
create function ops.join_communities(customers bigint[], at_time timestamptz)
returns integer
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  zone constant text := (select settings.time_zone from app.settings);
  joined integer;
begin
  perform
  from app.communities
  where communities.status = 'active'
    and communities.joining <> 'manual'
    and communities.max_members is not null
  order by communities.id
  for no key update;

  with wishes as (
    select
      communities.id as community_id,
      communities.max_members,
      people.id as customer_id,
      coalesce(first_orders.at, people.enrolled_at) as since_at,
      row_number() over (partition by communities.id order by coalesce(first_orders.at, people.enrolled_at), people.id) as place
    from app.communities
    inner join app.customers as people
      on people.id = any (customers)
      and people.status = 'active'
      and people.id <> 0
    left join lateral (
      select min(coalesce(orders.paid_at, orders.placed_at)) as at
      from app.orders
      where orders.customer_id = people.id
        and orders.status in ('paid', 'completed')
    ) as first_orders
      on communities.joining = 'first_order'
    where communities.status = 'active'
      and communities.joining <> 'manual'
      and (communities.joining = 'enrolment' or first_orders.at is not null)
      and not exists (
        select
        from app.community_members
        where community_members.customer_id = people.id
          and community_members.community_id = communities.id
      )
  )

  insert into app.community_members (customer_id, community_id, joined_at, joined_on, joined_by)
  select
    wishes.customer_id,
    wishes.community_id,
    wishes.since_at,
    (wishes.since_at at time zone zone)::date,
    'automatic'
  from wishes
  where wishes.max_members is null
    or wishes.place <= wishes.max_members - (
      select count(*)
      from app.community_members
      where community_members.community_id = wishes.community_id
        and community_members.left_at is null
    )
  order by wishes.customer_id, wishes.community_id
  on conflict (customer_id, community_id) do nothing;

  get diagnostics joined = row_count;
  return joined;
end;
$$;

comment on function ops.join_communities(bigint[], timestamptz) is
  'Takes those of the customers in whom a community takes in by itself: on enrolment, or with their first order, as long as there is room. Returns how many memberships were made.';
