-- Some of those who have the points redeem them a few days after an order: what is asked for here, the engine books.
create temp table redeemed on commit drop as
with spending as (
  select
    orders.customer_id,
    orders.id as order_id,
    orders.placed_at,
    sum(orders.amount) over (partition by orders.customer_id order by orders.placed_at, orders.id) as so_far
  from app.orders
  where orders.customer_id <> 0
    and orders.status in ('paid', 'completed')
),

wishes as (
  select
    spending.customer_id,
    spending.order_id,
    spending.so_far,
    spending.placed_at + make_interval(hours => 20 + floor(pg_temp.draw(spending.order_id, 702) * 100)::integer) as redeemed_at,
    pg_temp.pick(
      array['tote_bag', 'tote_bag', 'draw_ticket', 'draw_ticket', 'draw_ticket', 'air_miles', 'thermos_cup'],
      pg_temp.draw(spending.order_id, 703)
    ) as code
  from spending
  where pg_temp.draw(spending.order_id, 701) < 0.04
),

priced as (
  select
    wishes.*,
    rewards.id as reward_id,
    rewards.name,
    rewards.points,
    rewards.kind,
    rewards.partner_units,
    rewards.settlement_price,
    rewards.handle_hours,
    sum(rewards.points) over (partition by wishes.customer_id order by wishes.redeemed_at, wishes.order_id) as wanted
  from wishes
  inner join app.rewards
    on rewards.code = wishes.code
  cross join app.settings
  where wishes.redeemed_at < (current_setting('seed.as_of_on')::timestamp at time zone settings.time_zone) - interval '6 hours'
)

-- With something to spare, for refunds.
select
  priced.*,
  pg_temp.draw(priced.order_id, 704) < 0.05 as cancelled
from priced
where priced.so_far > 1.3 * priced.wanted;

insert into app.redemptions (
  customer_id, source, external_id, points, purpose, status, reserved_at, confirmed_at, cancelled_at, reason, reward_id,
  partner_units, settlement_amount, partner_account, due_at, handed_over_at
)
select
  redeemed.customer_id,
  'demo',
  'R-' || redeemed.order_id,
  redeemed.points,
  redeemed.name,
  case when redeemed.cancelled then 'cancelled' else 'confirmed' end,
  redeemed.redeemed_at,
  redeemed.redeemed_at + interval '4 minutes',
  case when redeemed.cancelled then redeemed.redeemed_at + interval '90 minutes' end,
  case when redeemed.cancelled then '客户改变主意' end,
  redeemed.reward_id,
  redeemed.partner_units,
  round(redeemed.settlement_price * redeemed.partner_units, 2),
  case when redeemed.kind = 'partner' then 'FF' || redeemed.customer_id end,
  redeemed.redeemed_at + make_interval(hours => redeemed.handle_hours),
  case
    when not redeemed.cancelled
      and redeemed.kind <> 'ticket'
      and redeemed.redeemed_at < current_setting('seed.as_of_on')::date - interval '4 days'
      then redeemed.redeemed_at + interval '2 days'
    when not redeemed.cancelled and redeemed.kind = 'ticket' then redeemed.redeemed_at + interval '5 minutes'
  end
from redeemed
order by redeemed.redeemed_at, redeemed.order_id;

insert into app.fact_keys (source, kind, external_id, customer_id, fact_id)
select
  redemptions.source,
  'redemption',
  redemptions.external_id,
  redemptions.customer_id,
  redemptions.id
from app.redemptions
where redemptions.source = 'demo';

-- As many as were taken, and what is left of each beside them.
update app.rewards
set
  taken = counted.taken,
  stock = case when rewards.stock is not null then ceil(counted.taken * 1.4 / 50) * 50 + 50 end
from (
  select
    redemptions.reward_id,
    sum(redemptions.quantity) as taken
  from app.redemptions
  where redemptions.status = 'confirmed'
  group by redemptions.reward_id
) as counted
where rewards.id = counted.reward_id;
