-- What customers of the demo use of their benefits while they shop, from seed.window_from to before seed.window_until, and what
-- staff did about it: by the same routines as in use.
insert into app.benefit_asks (run_id, customer_id, benefit_id, source, external_id, asked_at)
select distinct on (orders.customer_id, benefits.id)
  pg_current_xact_id()::text::bigint,
  orders.customer_id,
  benefits.id,
  'demo',
  'use-' || benefits.id || '-' || orders.id,
  coalesce(orders.paid_at, orders.placed_at)
from (
  values
    ('free_shipping', 0.1),
    ('birthday_gift', 0.45),
    ('newcomer_gift', 0.4),
    ('upgrade_gift', 0.4),
    ('quarter_coupon', 0.3),
    ('flash_sale_access', 0.03),
    ('early_access', 0.05),
    ('monthly_exchange', 0.05),
    ('customised_product', 0.006),
    ('brand_event', 0.008)
) as chances (code, chance)
inner join app.benefits
  on benefits.code = chances.code
inner join app.orders
  on orders.placed_on >= current_setting('seed.window_from')::date
  and orders.placed_on < current_setting('seed.window_until')::date
  and orders.status in ('paid', 'completed')
  and pg_temp.draw(orders.id, 300 + benefits.id::integer) < chances.chance
inner join app.benefit_quotas
  on benefit_quotas.customer_id = orders.customer_id
  and benefit_quotas.benefit_id = benefits.id
  and benefit_quotas.usable_from <= orders.placed_on
  and coalesce(benefit_quotas.usable_until > orders.placed_on, true)
  and (
    benefit_quotas.quota is null
    or benefit_quotas.used + benefit_quotas.reserved < benefit_quotas.quota + benefit_quotas.carried_over
  )
order by
  orders.customer_id,
  benefits.id,
  orders.placed_at,
  orders.id;

select ops.use_benefits(pg_current_xact_id()::text::bigint);

delete from app.benefit_asks
where benefit_asks.run_id = pg_current_xact_id()::text::bigint;

-- Done on the day after, but for some of the last two weeks; now and then it cannot be.
select ops.decide_benefit_uses(
  array_agg(waiting.id), waiting.decision, case waiting.decision when 'fail' then '未能联系到客户' end, handler.id, null,
  (waiting.used_on + 1 + time '15:00') at time zone settings.time_zone
)
from (
  select
    benefit_uses.id,
    benefit_uses.used_on,
    case when pg_temp.draw(benefit_uses.id, 401) < 0.03 then 'fail' else 'done' end as decision
  from app.benefit_uses
  where benefit_uses.status = 'waiting'
    and benefit_uses.used_on < current_setting('seed.window_until')::date - 1
    and (
      benefit_uses.used_on < current_setting('seed.as_of_on')::date - 14
      or pg_temp.draw(benefit_uses.id, 402) < 0.6
    )
) as waiting
cross join app.settings
left join (
  select min(users.id) as id
  from app.users
  where 'customer_service' = any (users.roles)
) as handler
  on true
group by waiting.used_on, waiting.decision, handler.id, settings.time_zone
order by waiting.used_on;
