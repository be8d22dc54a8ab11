-- How many orders each customer places follows from how often they buy and how much of the business falls in their time;
-- when, from the calendar: evenly over its reach. Who came during the fourteen months buys first on arrival.
create temp table seed_orders on commit drop as
with recursive reaches as (
  select array_agg(seed_calendar.reach order by seed_calendar.number) as reach
  from seed_calendar
),

spans as (
  select
    seed_customers.id as customer_id,
    seed_customers.first_day,
    seed_customers.persona,
    from_days.reach - from_days.weight as from_reach,
    until_days.reach as until_reach,
    seed_customers.frequency * (until_days.reach - from_days.reach + from_days.weight) as expected
  from seed_customers
  inner join seed_calendar as from_days
    on from_days.number = seed_customers.from_day
  inner join seed_calendar as until_days
    on until_days.number = seed_customers.until_day
),

-- However often somebody would buy, they come nearer to 90 times in the fourteen months without reaching it: the busiest
-- order about once a week. Scaled step by step, so that all together still place as many orders as were asked for.
steps (step, factor) as (
  select
    0,
    current_setting('seed.orders')::double precision / nullif(sum(spans.expected), 0)
  from spans
  union all
  select
    steps.step + 1,
    steps.factor * current_setting('seed.orders')::double precision / (
      select sum(spans.expected * steps.factor / (1 + spans.expected * steps.factor / 90))
      from spans
    )
  from steps
  where steps.step < 8
),

scale as (
  select steps.factor
  from steps
  where steps.step = 8
),

counted as (
  select
    spans.customer_id,
    spans.first_day,
    spans.persona,
    spans.from_reach,
    spans.until_reach,
    floor(
      spans.expected * scale.factor / (1 + spans.expected * scale.factor / 90) + pg_temp.draw(spans.customer_id, 201)
    )::integer
    + (spans.first_day >= 0 and spans.expected > 0)::integer as order_count
  from spans
  cross join scale
),

placed as (
  select
    counted.customer_id,
    counted.persona,
    counted.customer_id * 1000 + numbers.k as seed,
    least(
      424,
      case
        when numbers.k = 1 and counted.first_day >= 0 then counted.first_day
        else width_bucket(
          counted.from_reach
          + (counted.until_reach - counted.from_reach)
          * pg_temp.draw(counted.customer_id * 1000 + numbers.k, 202),
          (select reaches.reach from reaches)
        )
      end
    ) as day_number
  from counted
  cross join lateral generate_series(1, counted.order_count) as numbers (k)
),

timed as (
  select
    placed.customer_id,
    placed.persona,
    placed.seed,
    current_setting('seed.as_of_on')::date - 425 + placed.day_number as placed_on,
    -- Busy at noon and in the evening.
    (array[7, 8, 9, 9, 10, 10, 11, 11, 12, 12, 12, 13, 13, 14, 15, 15, 16, 17, 18, 19, 19, 20, 20, 20, 20, 21, 21, 21, 21, 22,
      22, 23])[1 + floor(32 * pg_temp.draw(placed.seed, 203))::integer] * 3600
    + floor(3600 * pg_temp.draw(placed.seed, 204))::integer as second_of_day
  from placed
)

select
  numbered.customer_id,
  coalesce((select max(orders.id) from app.orders), 0)
    + row_number() over (order by numbered.placed_on, numbered.second_of_day, numbered.seed) as id,
  numbered.seed,
  numbered.persona,
  numbered.placed_on,
  numbered.second_of_day,
  1
  + (pg_temp.draw(numbered.seed, 205) < 0.42)::integer
  + (pg_temp.draw(numbered.seed, 206) < 0.24)::integer
  + (pg_temp.draw(numbered.seed, 207) < 0.08)::integer as line_count
from timed as numbered
-- The lines follow in the order of their primary key: an index that is added to at its end costs the same for every row.
order by numbered.customer_id, id;

-- What lies in a basket: half of it from the shelves the persona likes, the rest by popularity.
create temp table seed_lines on commit drop as
with shelf as (
  select
    array_agg(products.id order by products.external_id) as ids,
    array_agg(products.external_id order by products.external_id) as skus,
    array_agg(products.name order by products.external_id) as names,
    array_agg(products.price order by products.external_id) as prices
  from app.products
  where products.external_id like 'EG-%'
),

chosen as (
  select
    seed_orders.customer_id,
    seed_orders.id as order_id,
    numbers.line_no,
    case
      when seed_orders.persona = 'mother' and pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 301) < 0.5
        then 31 + floor(10 * pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 302))::integer
      when seed_orders.persona = 'office' and pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 301) < 0.45
        then 41 + floor(10 * pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 302))::integer
      when seed_orders.persona = 'home' and pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 301) < 0.5
        then 1 + floor(30 * pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 302))::integer
      else 1 + floor(80 * power(pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 302), 1.4))::integer
    end as place,
    1 + floor(3.2 * power(pg_temp.draw(seed_orders.seed * 8 + numbers.line_no, 303), 4))::integer as quantity
  from seed_orders
  cross join lateral generate_series(1, seed_orders.line_count) as numbers (line_no)
)

select
  chosen.customer_id,
  chosen.order_id,
  chosen.line_no,
  (select shelf.ids from shelf)[chosen.place] as product_id,
  (select shelf.skus from shelf)[chosen.place] as sku,
  (select shelf.names from shelf)[chosen.place] as description,
  chosen.quantity,
  (select shelf.prices from shelf)[chosen.place] as unit_price
from chosen;

create temp table seed_totals on commit drop as
with baskets as (
  select
    seed_lines.order_id,
    sum(seed_lines.quantity * seed_lines.unit_price) as total,
    min(seed_lines.quantity * seed_lines.unit_price) filter (where seed_lines.line_no = 1) as first_line
  from seed_lines
  group by seed_lines.order_id
),

discounted as (
  select
    seed_orders.customer_id,
    seed_orders.id,
    seed_orders.seed,
    seed_orders.placed_on,
    (seed_orders.placed_on + make_interval(secs => seed_orders.second_of_day)) at time zone settings.time_zone as placed_at,
    baskets.total,
    baskets.first_line,
    case
      when baskets.total >= 400 and pg_temp.draw(seed_orders.seed, 401) < 0.3 then 80
      when baskets.total >= 200 and pg_temp.draw(seed_orders.seed, 401) < 0.22 then 30
      when baskets.total >= 60 and pg_temp.draw(seed_orders.seed, 401) < 0.08 then 10
      else 0
    end as discount,
    pg_temp.draw(seed_orders.seed, 402) < 0.015 as cancelled,
    pg_temp.draw(seed_orders.seed, 403) as return_draw,
    3 + floor(15 * pg_temp.draw(seed_orders.seed, 404))::integer as return_after
  from seed_orders
  inner join baskets
    on baskets.order_id = seed_orders.id
  cross join app.settings
)

select
  discounted.customer_id,
  discounted.id,
  discounted.seed,
  discounted.placed_on,
  discounted.placed_at,
  discounted.discount,
  discounted.cancelled,
  discounted.total - discounted.discount as amount,
  discounted.placed_on + discounted.return_after as returned_on,
  discounted.placed_at + make_interval(days => discounted.return_after, mins => 37) as returned_at,
  -- Four in a hundred come back, two thirds of these whole, the others with their first line.
  case
    when discounted.cancelled
      or discounted.return_draw >= 0.04
      or discounted.placed_on + discounted.return_after >= current_setting('seed.as_of_on')::date then 0
    when discounted.return_draw < 0.026 then discounted.total - discounted.discount
    else round(discounted.first_line * (discounted.total - discounted.discount) / discounted.total, 2)
  end as returned_amount,
  discounted.return_draw < 0.026 as returned_whole
from discounted;

insert into app.orders (
  customer_id, id, source, external_id, channel, status, placed_at, placed_on, paid_at, completed_at,
  discount_amount, amount, returned_amount, coupon_code, created_at
)
select
  seed_totals.customer_id,
  seed_totals.id,
  'demo',
  'D' || lpad(seed_totals.id::text, 8, '0'),
  case when pg_temp.draw(seed_totals.seed, 501) < 0.24 then 'store' else 'online' end,
  case
    when seed_totals.cancelled then 'cancelled'
    when seed_totals.placed_on < current_setting('seed.as_of_on')::date - 10 then 'completed'
    else 'paid'
  end,
  seed_totals.placed_at,
  seed_totals.placed_on,
  case when not seed_totals.cancelled then seed_totals.placed_at + interval '2 minutes' end,
  case
    when not seed_totals.cancelled and seed_totals.placed_on < current_setting('seed.as_of_on')::date - 10
      then seed_totals.placed_at + interval '6 days'
  end,
  seed_totals.discount,
  seed_totals.amount,
  seed_totals.returned_amount,
  case seed_totals.discount
    when 80 then 'M400-80'
    when 30 then 'M200-30'
    when 10 then 'M60-10'
  end,
  seed_totals.placed_at
from seed_totals
order by seed_totals.id;

insert into app.order_lines (customer_id, order_id, line_no, product_id, sku, description, quantity, unit_price, amount)
select
  seed_lines.customer_id,
  seed_lines.order_id,
  seed_lines.line_no,
  seed_lines.product_id,
  seed_lines.sku,
  seed_lines.description,
  seed_lines.quantity,
  seed_lines.unit_price,
  seed_lines.quantity * seed_lines.unit_price
from seed_lines;

insert into app.returns (
  customer_id, id, source, external_id, order_external_id, order_id, line_no, amount, returned_at, returned_on, reason, created_at
)
select
  seed_totals.customer_id,
  coalesce((select max(returns.id) from app.returns), 0) + row_number() over (order by seed_totals.returned_on, seed_totals.id),
  'demo',
  'R' || lpad(seed_totals.id::text, 8, '0'),
  'D' || lpad(seed_totals.id::text, 8, '0'),
  seed_totals.id,
  case when not seed_totals.returned_whole then 1 end,
  seed_totals.returned_amount,
  seed_totals.returned_at,
  (seed_totals.returned_at at time zone settings.time_zone)::date,
  pg_temp.pick(array['不想要了', '尺寸不合适', '与描述不符', '商品破损', '收到时间太晚'], pg_temp.draw(seed_totals.seed, 502)),
  seed_totals.returned_at
from seed_totals
cross join app.settings
where seed_totals.returned_amount > 0;

insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
select
  'demo',
  'order',
  'D' || lpad(seed_totals.id::text, 8, '0'),
  seed_totals.customer_id,
  seed_totals.id
from seed_totals
order by seed_totals.id;

insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
select
  returns.source,
  'return',
  returns.external_id,
  returns.customer_id,
  returns.id
from app.returns
where returns.source = 'demo'
on conflict do nothing;

select
  setval('app.orders_id_seq', (select max(orders.id) from app.orders)),
  setval('app.returns_id_seq', greatest((select max(returns.id) from app.returns), 1));

select
  ops.mark_dirty('orders', array(select distinct seed_totals.placed_on from seed_totals)),
  ops.mark_dirty('returns', array(select distinct returns.returned_on from app.returns where returns.source = 'demo'));
