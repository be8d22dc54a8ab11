-- What the people of the demo did beside buying: they looked around before an order, checked in for some days in a row, reviewed
-- what they got and shared links, some of which somebody else bought by. What earns is booked by the engine like the orders.
-- Each month that has passed has a partition, as if somebody had been there.
select ops.make_event_partitions(months.month::date)
from generate_series(
  current_setting('seed.as_of_on')::timestamp - interval '426 days', current_setting('seed.as_of_on')::timestamp, interval '1 month'
) as months (month);

create temp table behaviour on commit drop as
with bought as (
  select
    orders.customer_id,
    orders.id,
    orders.placed_at,
    orders.status in ('paid', 'completed') as kept,
    order_lines.product_id,
    products.name as product_name,
    products.category
  from app.orders
  inner join app.order_lines
    on order_lines.customer_id = orders.customer_id
    and order_lines.order_id = orders.id
    and order_lines.line_no = 1
  inner join app.products
    on products.id = order_lines.product_id
  where orders.source = 'demo'
    and orders.customer_id <> 0
),

-- A few of the newcomers' first orders came by the link of somebody who had been there before.
sharers as (
  select array_agg(seed_customers.id order by seed_customers.id) as ids
  from seed_customers
  where seed_customers.first_day < 0
    and seed_customers.until_day > 420
),

first_orders as (
  select distinct on (bought.customer_id) bought.*
  from bought
  inner join seed_customers
    on seed_customers.id = bought.customer_id
    and seed_customers.first_day >= 0
  order by
    bought.customer_id,
    bought.placed_at,
    bought.id
),

done as (
  select
    'search' as kind,
    bought.customer_id,
    bought.placed_at - make_interval(mins => 12 + floor(30 * pg_temp.draw(bought.id, 801))::integer) as occurred_at,
    null::bigint as order_id,
    null::bigint as product_id,
    null::integer as rating,
    case when pg_temp.draw(bought.id, 802) < 0.5 then bought.category else bought.product_name end as subject,
    bought.id as about
  from bought
  where pg_temp.draw(bought.id, 803) < 0.14

  union all

  select
    'page_view',
    bought.customer_id,
    bought.placed_at - make_interval(mins => floor(12 * pg_temp.draw(bought.id, 804))::integer, secs => 20),
    null,
    bought.product_id,
    null,
    '商品详情',
    bought.id
  from bought
  where pg_temp.draw(bought.id, 805) < 0.42

  union all

  -- Looked at, and not bought on that day.
  select
    'page_view',
    bought.customer_id,
    bought.placed_at + make_interval(days => 2 + floor(9 * pg_temp.draw(bought.id, 806))::integer, mins => 95),
    null,
    null,
    null,
    pg_temp.pick(array['首页', '新品', '积分商城', '会员中心', '我的订单'], pg_temp.draw(bought.id, 807)),
    bought.id
  from bought
  where pg_temp.draw(bought.id, 808) < 0.3

  union all

  select
    'click',
    bought.customer_id,
    bought.placed_at - make_interval(mins => 3, secs => floor(60 * pg_temp.draw(bought.id, 809))::integer),
    null,
    null,
    null,
    pg_temp.pick(array['首页横幅', '优惠券', '任务进度', '分享按钮', '购物车'], pg_temp.draw(bought.id, 810)),
    bought.id
  from bought
  where pg_temp.draw(bought.id, 811) < 0.12

  union all

  select
    'review',
    bought.customer_id,
    bought.placed_at + make_interval(days => 4 + floor(8 * pg_temp.draw(bought.id, 812))::integer, mins => 47),
    bought.id,
    bought.product_id,
    (array[5, 5, 5, 5, 5, 4, 4, 4, 3, 3, 2, 1])[1 + floor(12 * pg_temp.draw(bought.id, 813))::integer],
    pg_temp.pick(
      array['质量很好，会再买', '包装精美', '比想象中好', '物流很快', '和描述一致', '送人很体面', '一般'], pg_temp.draw(bought.id, 814)
    ),
    bought.id
  from bought
  where bought.kept
    and pg_temp.draw(bought.id, 815) < 0.025

  union all

  select
    'share',
    bought.customer_id,
    bought.placed_at + make_interval(hours => 26 + floor(60 * pg_temp.draw(bought.id, 816))::integer),
    null,
    bought.product_id,
    null,
    bought.product_name,
    bought.id
  from bought
  where bought.kept
    and pg_temp.draw(bought.id, 817) < 0.008

  union all

  select
    'share',
    sharers.ids[1 + floor(cardinality(sharers.ids) * pg_temp.draw(first_orders.id, 818))::integer],
    first_orders.placed_at + interval '3 minutes',
    first_orders.id,
    first_orders.product_id,
    null,
    first_orders.product_name,
    first_orders.id
  from first_orders
  cross join sharers
  where pg_temp.draw(first_orders.id, 819) < 0.05

  union all

  -- Some days in a row, once or twice.
  select distinct
    'check_in',
    seed_customers.id,
    (
      current_setting('seed.as_of_on')::date - 425 + runs.first_day + days.number
      + make_interval(hours => 8 + floor(12 * pg_temp.draw(seed_customers.id, 821))::integer)
    ) at time zone settings.time_zone,
    null::bigint,
    null::bigint,
    null::integer,
    null,
    seed_customers.id
  from seed_customers
  cross join app.settings
  cross join lateral (
    select
      seed_customers.from_day
      + floor((seed_customers.until_day - seed_customers.from_day) * pg_temp.draw(seed_customers.id * 2 + turn, 822))::integer as first_day,
      3 + floor(9 * pg_temp.draw(seed_customers.id * 2 + turn, 823))::integer as length
    from generate_series(0, 1) as turns (turn)
  ) as runs
  cross join lateral generate_series(0, runs.length - 1) as days (number)
  where seed_customers.frequency > 0
    and pg_temp.draw(seed_customers.id, 824) < 0.035
)

select
  (select coalesce(max(events.id), 0) from app.events)
    + row_number() over (order by done.occurred_at, done.customer_id, done.kind, done.about) as id,
  done.*
from done
cross join app.settings
where done.occurred_at < current_setting('seed.as_of_on')::timestamp at time zone settings.time_zone;

insert into app.events (
  customer_id, id, occurred_on, source, external_id, kind, occurred_at, channel, order_id, product_id, rating, subject, created_at
)
select
  behaviour.customer_id,
  behaviour.id,
  (behaviour.occurred_at at time zone settings.time_zone)::date,
  'demo',
  'E' || lpad(behaviour.id::text, 8, '0'),
  behaviour.kind,
  behaviour.occurred_at,
  pg_temp.pick(array['app', 'app', 'app', 'mini_program', 'mini_program', 'web'], pg_temp.draw(behaviour.customer_id, 825)),
  behaviour.order_id,
  behaviour.product_id,
  behaviour.rating,
  behaviour.subject,
  behaviour.occurred_at
from behaviour
cross join app.settings
order by behaviour.id;

insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
select
  'demo',
  'event',
  'E' || lpad(behaviour.id::text, 8, '0'),
  behaviour.customer_id,
  behaviour.id
from behaviour
order by behaviour.id;

select setval('app.events_id_seq', (select max(events.id) from app.events));
analyze app.events;
