create function ops.accept_orders_advance(batch bigint)
returns void
language plpgsql
volatile
as $$
begin
  perform 1
  from app.orders
  where (orders.customer_id, orders.id) in (
    select
      import_orders.customer_id,
      import_orders.order_id
    from app.import_orders
    where import_orders.batch_id = accept_orders_advance.batch
      and import_orders.answer = 'replayed'
  )
  order by orders.customer_id, orders.id
  for no key update;

  with ranks (status, rank) as (
    values ('placed', 0), ('paid', 1), ('completed', 2), ('cancelled', 3)
  ),
  news as (
    select
      import_orders.customer_id,
      import_orders.order_id,
      (array_agg(import_orders.status order by ranks.rank desc))[1] as status,
      max(ranks.rank) as rank,
      min(import_orders.paid_at) as paid_at,
      min(import_orders.completed_at) as completed_at
    from app.import_orders
    inner join ranks
      on ranks.status = import_orders.status
    where import_orders.batch_id = accept_orders_advance.batch
      and import_orders.answer = 'replayed'
    group by import_orders.customer_id, import_orders.order_id
  ),
  advanced as (
    update app.orders
    set
      status = case when news.rank > ranks.rank then news.status else orders.status end,
      paid_at = coalesce(orders.paid_at, news.paid_at),
      completed_at = coalesce(orders.completed_at, news.completed_at),
      version = orders.version + 1
    from news, ranks
    where orders.customer_id = news.customer_id
      and orders.id = news.order_id
      and ranks.status = orders.status
      and (
        news.rank > ranks.rank
        or (orders.paid_at is null and news.paid_at is not null)
        or (orders.completed_at is null and news.completed_at is not null)
      )
    returning orders.id, orders.placed_on
  ),
  marked as (
    update app.import_orders
    set advanced = true
    from advanced
    where import_orders.batch_id = accept_orders_advance.batch
      and import_orders.answer = 'replayed'
      and import_orders.order_id = advanced.id
  )
  insert into app.dirty_days (fact_table, day)
  select distinct
    'orders',
    advanced.placed_on
  from advanced;
end;
$$;

comment on function ops.accept_orders_advance(bigint) is
  'An order that is sent again may move on, from placed to paid to completed, or be cancelled, and may say when. Never back, and
nothing else of it changes.';
