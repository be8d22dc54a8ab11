create function ops.coupon_event(customer bigint, event text, received_at timestamptz, at timestamptz)
returns timestamptz
language sql
stable
begin atomic
  select case event
    when 'registration' then (
      select customers.enrolled_at
      from app.customers
      where customers.id = customer
        and customers.enrolled_at <= at
    )
    when 'first_order' then (
      select min(coalesce(orders.paid_at, orders.placed_at))
      from app.orders
      where orders.customer_id = customer
        and orders.status in ('paid', 'completed')
        and coalesce(orders.paid_at, orders.placed_at) <= at
    )
    when 'second_order' then (
      select coalesce(orders.paid_at, orders.placed_at)
      from app.orders
      where orders.customer_id = customer
        and orders.status in ('paid', 'completed')
        and coalesce(orders.paid_at, orders.placed_at) <= at
      order by
        coalesce(orders.paid_at, orders.placed_at),
        orders.id
      offset 1
      limit 1
    )
    when 'first_referral' then (
      select min(events.occurred_at)
      from app.share_sales
      inner join app.events
        on events.customer_id = share_sales.customer_id
        and events.id = share_sales.event_id
      where share_sales.customer_id = customer
        and events.occurred_at <= at
    )
    when 'review' then (
      select min(events.occurred_at)
      from app.events
      where events.customer_id = customer
        and events.kind = 'review'
        and events.occurred_at >= received_at
        and events.occurred_at <= at
    )
    when 'task_completed' then (
      select min(task_completions.completed_at)
      from app.task_completions
      where task_completions.customer_id = customer
        and task_completions.state = 'done'
        and task_completions.completed_at >= received_at
        and task_completions.completed_at <= at
    )
    when 'tier_upgrade' then (
      select min(stays.entered_at)
      from app.tier_stays as stays
      inner join app.tiers as entered
        on entered.id = stays.tier_id
      inner join app.tier_stays as left_stays
        on left_stays.book_id = 0
        and left_stays.customer_id = customer
        and left_stays.left_at = stays.entered_at
      inner join app.tiers as left_tiers
        on left_tiers.id = left_stays.tier_id
        and left_tiers.rank < entered.rank
      where stays.book_id = 0
        and stays.customer_id = customer
        and stays.entered_at >= received_at
        and stays.entered_at <= at
    )
  end;
end;

comment on function ops.coupon_event(bigint, text, timestamptz, timestamptz) is
  'When the event that activates a coupon happened to a customer, by the given moment; null: not yet.';
