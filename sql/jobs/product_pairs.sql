-- every: 20 3 * * *
-- label: 商品关联 | Products bought together
-- after: link_order_lines
-- The orders of the last ninety days, however long the history is. Of two products that are in enough orders together each is
-- in enough alone: only those are paired, and no more than the 500 that most orders hold.
create function ops.product_pairs(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
set work_mem = '128MB'
as $$
declare
  window_days constant integer := 90;
  longest_basket constant integer := 50;
  most_products constant integer := 500;
  least_pairs constant integer := 5;
  rows_written bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.product_pairs', 0));

  if exists (select from app.product_pairs where product_pairs.as_of_on > as_of) then
    return 0;
  end if;

  with lines as materialized (
    select distinct
      order_lines.customer_id,
      order_lines.order_id,
      order_lines.product_id
    from app.orders
    inner join app.order_lines
      on order_lines.customer_id = orders.customer_id
      and order_lines.order_id = orders.id
    where orders.placed_on >= as_of - window_days
      and orders.placed_on < as_of
      and orders.status <> 'cancelled'
      and order_lines.product_id is not null
  ),

  -- What is counted beside each row is not joined to it: how many rows a step leaves is beyond the planner's guess.
  counted as (
    select
      lines.customer_id,
      lines.order_id,
      lines.product_id,
      count(*) over (partition by lines.customer_id, lines.order_id) as size
    from lines
  ),

  -- An order of everything says nothing about two things.
  kept as materialized (
    select
      counted.customer_id,
      counted.order_id,
      counted.product_id,
      count(*) over (partition by counted.product_id) as product_count
    from counted
    where counted.size <= longest_basket
  ),

  ranked as (
    select
      kept.customer_id,
      kept.order_id,
      kept.product_id,
      kept.product_count,
      dense_rank() over (order by kept.product_count desc, kept.product_id) as place
    from kept
    where kept.product_count >= least_pairs
  ),

  baskets as (
    select
      array_agg(ranked.product_id order by ranked.product_id) as products,
      array_agg(ranked.product_count order by ranked.product_id) as counts
    from ranked
    where ranked.place <= most_products
    group by ranked.customer_id, ranked.order_id
    having count(*) >= 2
  ),

  pairs as (
    select
      baskets.products[one.place] as product_id,
      baskets.products[other.place] as other_id,
      min(baskets.counts[one.place]) as product_count,
      min(baskets.counts[other.place]) as other_count,
      count(*) as pair_count
    from baskets
    cross join lateral generate_series(1, cardinality(baskets.products) - 1) as one (place)
    cross join lateral generate_series(one.place + 1, cardinality(baskets.products)) as other (place)
    group by 1, 2
    having count(*) >= least_pairs
  ),

  totals as materialized (
    select count(*) as basket_count
    from (
      select distinct
        kept.customer_id,
        kept.order_id
      from kept
    ) as orders
  ),

  fresh as materialized (
    select
      pairs.product_id,
      pairs.other_id,
      totals.basket_count,
      pairs.product_count,
      pairs.other_count,
      pairs.pair_count
    from pairs
    cross join totals
  ),

  deleted as (
    delete from app.product_pairs
    where not exists (
      select
      from fresh
      where fresh.product_id = product_pairs.product_id
        and fresh.other_id = product_pairs.other_id
    )
    returning 1
  ),

  written as (
    insert into app.product_pairs (
      product_id, other_id, as_of_on, from_on, basket_count, product_count, other_count, pair_count
    )
    select
      fresh.product_id,
      fresh.other_id,
      as_of,
      as_of - window_days,
      fresh.basket_count,
      fresh.product_count,
      fresh.other_count,
      fresh.pair_count
    from fresh
    on conflict (product_id, other_id) do update set
      as_of_on = excluded.as_of_on,
      from_on = excluded.from_on,
      basket_count = excluded.basket_count,
      product_count = excluded.product_count,
      other_count = excluded.other_count,
      pair_count = excluded.pair_count
    where (
      product_pairs.as_of_on, product_pairs.basket_count, product_pairs.product_count, product_pairs.other_count,
      product_pairs.pair_count
    ) is distinct from (
      excluded.as_of_on, excluded.basket_count, excluded.product_count, excluded.other_count, excluded.pair_count
    )
    returning 1
  )

  select (select count(*) from deleted) + (select count(*) from written)
  into rows_written;

  return rows_written;
end;
$$;

comment on function ops.product_pairs(date) is
  'Counts the orders of the ninety days before as_of that hold two products, for each two that five orders or more hold. Cancelled orders,
lines of unknown products and orders of more than fifty products are left out. A day before the latest one computed changes
nothing. Returns the rows written.';
