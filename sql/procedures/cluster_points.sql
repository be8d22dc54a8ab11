create function ops.cluster_points(one_in integer, point_limit integer)
returns table (
  recency double precision,
  frequency double precision,
  monetary double precision
)
language sql
stable
begin atomic
  select
    customer_habits.recency,
    customer_habits.frequency,
    customer_habits.monetary
  from base.customer_habits
  where one_in = 1
    or mod(hashint8(customer_habits.customer_id)::bigint + 2147483648, one_in) = 0
  order by customer_habits.customer_id
  limit point_limit;
end;

comment on function ops.cluster_points(integer, integer) is
  'Habits of one in so many customers, always the same, as logarithms: days since the last order, number of orders, net spend.';
