create function ops.merge_figures(customer bigint)
returns jsonb
language sql
stable
begin atomic
  select jsonb_build_object(
    'code', customers.external_id,
    'orders', (select count(*) from app.orders where orders.customer_id = customers.id and orders.status <> 'cancelled'),
    'spend', (
      select coalesce(sum(orders.amount - orders.returned_amount), 0)::text
      from app.orders
      where orders.customer_id = customers.id
        and orders.status <> 'cancelled'
    ),
    'balance', coalesce(points_accounts.available - points_accounts.debt, 0),
    'pending', coalesce(points_accounts.pending, 0),
    'reserved', coalesce(points_accounts.reserved, 0),
    'growth', coalesce(points_accounts.growth, 0),
    'lots', (
      select count(*)
      from app.points_lots
      where points_lots.customer_id = customers.id
        and points_lots.book_id = 0
        and points_lots.account = 'points'
        and points_lots.pending + points_lots.available + points_lots.reserved > 0
    ),
    'tier', tiers.name,
    'tier_en', tiers.name_en,
    'redemptions', (select count(*) from app.redemptions where redemptions.customer_id = customers.id),
    'events', (select count(*) from app.events where events.customer_id = customers.id),
    'grants', (select count(*) from app.benefit_grants where benefit_grants.customer_id = customers.id),
    'uses', (select count(*) from app.benefit_uses where benefit_uses.customer_id = customers.id),
    'adjustments', (
      select count(*)
      from app.points_adjustments
      where points_adjustments.customer_id = customers.id
    ) + (
      select count(*)
      from app.points_extensions
      where points_extensions.customer_id = customers.id
    ) + (
      select count(*)
      from app.tier_grades
      where tier_grades.customer_id = customers.id
    )
  )
  from app.customers
  left join app.points_accounts
    on points_accounts.book_id = 0
    and points_accounts.customer_id = customers.id
  left join app.tier_states
    on tier_states.book_id = 0
    and tier_states.customer_id = customers.id
  left join app.tiers
    on tiers.id = tier_states.tier_id
  where customers.id = merge_figures.customer;
end;

comment on function ops.merge_figures(bigint) is
  'Where a customer stands, for whoever compares before and after a merge.';
