-- The same ones each time: by a hash of their id.
create function ops.recent_customers(since_on date, sample integer)
returns table (
  customer_id bigint,
  population bigint
)
language sql
stable
begin atomic
  with recent as (
    select customer_day.customer_id
    from app.customer_day
    where customer_day.day >= recent_customers.since_on
    union
    select customers.id
    from app.customers
    where customers.enrolled_on >= recent_customers.since_on
      and customers.merged_into_id is null
  )

  select
    recent.customer_id,
    count(*) over ()
  from recent
  where recent.customer_id <> 0
  order by hashint8extended(recent.customer_id, 0), recent.customer_id
  limit recent_customers.sample;
end;

comment on function ops.recent_customers(date, integer) is
  'Some of the customers who ordered or enrolled since a day, and how many there are.';
