-- Coupons of the demo: claimed some days before the orders that they took something off, and by others who never used them;
-- welcome coupons of those who enrol; a partner's tickets whose codes have run out. By the same routines as in use.
insert into app.coupon_templates (
  code, name, name_en, kind, status, amount, min_spend, distribution, valid_for, valid_unit, stacking, code_mode, pool_warn_at,
  per_customer_limit, per_customer_period, message_channels, remind_hours, gift_name, unit_cost, terms
)
values
  ('sale_400_80', '满400减80', '80 off 400', 'threshold', 'active', 80, 400, 'claim', 15, 'days', 'exclusive', 'personal', null,
    4, 'month', '{in_site,push}', 48, null, null, '大促期间在活动页领取'),
  ('sale_200_30', '满200减30', '30 off 200', 'threshold', 'active', 30, 200, 'claim', 15, 'days', 'exclusive', 'personal', null,
    4, 'month', '{in_site,push}', 48, null, null, '每月在活动页领取'),
  ('member_60_10', '会员满60减10', 'Members: 10 off 60', 'threshold', 'active', 10, 60, 'claim', 10, 'days', 'stackable', 'personal', null,
    8, 'month', '{in_site}', 24, null, null, '会员日领取'),
  ('cinema_ticket', '合作影院观影券', 'Cinema ticket of a partner', 'gift', 'active', null, 0, 'claim', 60, 'days', 'stackable', 'imported', 20,
    1, 'lifetime', '{in_site,sms}', 168, '单人观影一次', 18, '凭券码在合作影院兑换')
on conflict (code) do nothing;

create temp table seed_wishes on commit drop as
with redeemed as (
  select
    orders.customer_id,
    orders.id as order_id,
    case orders.coupon_code when 'M400-80' then 'sale_400_80' when 'M200-30' then 'sale_200_30' else 'member_60_10' end as template,
    coalesce(orders.paid_at, orders.placed_at) as ordered_at,
    coalesce(orders.paid_at, orders.placed_at) - make_interval(mins => 40 + floor(pg_temp.draw(orders.id, 801) * 8000)::integer) as claimed_at
  from app.orders
  inner join app.customers
    on customers.id = orders.customer_id
    and customers.status = 'active'
  where orders.coupon_code in ('M400-80', 'M200-30', 'M60-10')
    and orders.customer_id <> 0
    and orders.status in ('paid', 'completed')
    and pg_temp.draw(orders.id, 802) < 0.5
),

-- Who claims one and then buys nothing that it counts for.
unused as (
  select
    orders.customer_id,
    null::bigint as order_id,
    pg_temp.pick(array['sale_400_80', 'sale_200_30', 'member_60_10', 'member_60_10'], pg_temp.draw(orders.id, 803)) as template,
    null::timestamptz as ordered_at,
    coalesce(orders.paid_at, orders.placed_at) + make_interval(mins => floor(pg_temp.draw(orders.id, 804) * 4000)::integer) as claimed_at
  from app.orders
  inner join app.customers
    on customers.id = orders.customer_id
    and customers.status = 'active'
  cross join app.settings
  where orders.customer_id <> 0
    and orders.status in ('paid', 'completed')
    and pg_temp.draw(orders.id, 805) < 0.06
    and orders.placed_at < (current_setting('seed.as_of_on')::timestamp at time zone settings.time_zone) - interval '3 days'
),

every as (
  select * from redeemed
  union all
  select * from unused
)

select
  row_number() over (order by every.claimed_at, every.customer_id) as number,
  every.*
from every;

select count(*)
from (
  select
    coupon_templates.id,
    array_agg(seed_wishes.customer_id order by seed_wishes.number) as customers,
    array_agg('claim-' || seed_wishes.number order by seed_wishes.number) as numbers,
    jsonb_agg(seed_wishes.claimed_at order by seed_wishes.number) as moments
  from seed_wishes
  inner join app.coupon_templates
    on coupon_templates.code = seed_wishes.template
  group by coupon_templates.id
  order by coupon_templates.id
) as asked
cross join lateral ops.issue_coupons(
  asked.id, asked.customers, 'demo', asked.numbers, now(), jsonb_build_object('claimed', true, 'moments', asked.moments)
) as said;

analyze app.coupons;

create temp table seed_uses on commit drop as
select
  nextval('app.coupon_uses_id_seq') as id,
  seed_wishes.customer_id,
  seed_wishes.ordered_at,
  coupons.id as coupon_id,
  coupons.template_id,
  orders.id as order_id,
  orders.source,
  orders.external_id,
  orders.channel,
  orders.discount_amount
from seed_wishes
inner join app.fact_keys
  on fact_keys.source = 'demo'
  and fact_keys.kind = 'coupon'
  and fact_keys.external_id = 'claim-' || seed_wishes.number
inner join app.coupons
  on coupons.customer_id = fact_keys.customer_id
  and coupons.id = fact_keys.fact_id
inner join app.orders
  on orders.customer_id = seed_wishes.customer_id
  and orders.id = seed_wishes.order_id;

insert into app.coupon_uses (
  customer_id, id, checkout_id, source, external_id, coupon_id, template_id, status, channel, discount_amount, cost, order_source,
  order_external_id, order_id, used_at, used_on
)
select
  seed_uses.customer_id,
  seed_uses.id,
  seed_uses.id,
  'demo',
  seed_uses.external_id,
  seed_uses.coupon_id,
  seed_uses.template_id,
  'reserved',
  seed_uses.channel,
  seed_uses.discount_amount,
  seed_uses.discount_amount,
  seed_uses.source,
  seed_uses.external_id,
  seed_uses.order_id,
  seed_uses.ordered_at,
  (seed_uses.ordered_at at time zone settings.time_zone)::date
from seed_uses
cross join app.settings
order by seed_uses.id;

select cardinality(ops.redeem_coupon_uses(array_agg(seed_uses.id order by seed_uses.id), array_agg(seed_uses.ordered_at order by seed_uses.id)))
from seed_uses;

select cardinality(ops.return_coupon_uses(array_agg(back.id order by back.id), 'order_over', array_agg(back.at order by back.id)))
from (
  select
    seed_uses.id,
    max(returns.returned_at) as at
  from seed_uses
  inner join app.orders
    on orders.customer_id = seed_uses.customer_id
    and orders.id = seed_uses.order_id
    and orders.returned_amount >= orders.amount
  inner join app.returns
    on returns.customer_id = orders.customer_id
    and returns.order_id = orders.id
  group by seed_uses.id
) as back;

-- The partner sent sixty codes, and seventy customers claimed a ticket in the last three weeks.
with batch as (
  insert into app.coupon_batches (template_id, kind, name, quantity)
  select
    coupon_templates.id,
    'imported',
    '影院首批券码',
    60
  from app.coupon_templates
  where coupon_templates.code = 'cinema_ticket'
  returning coupon_batches.id, coupon_batches.template_id
)

insert into app.coupon_codes (template_id, batch_id, code)
select
  batch.template_id,
  batch.id,
  'CINEMA-' || upper(substr(md5('cinema ' || numbers.number), 1, 10))
from batch
cross join generate_series(1, 60) as numbers (number);

select count(*)
from (
  select
    array_agg(people.id order by people.claimed_at) as customers,
    array_agg('ticket-' || people.id order by people.claimed_at) as numbers,
    jsonb_agg(people.claimed_at order by people.claimed_at) as moments
  from (
    select
      customers.id,
      (current_setting('seed.as_of_on')::timestamp at time zone settings.time_zone)
        - make_interval(mins => floor(pg_temp.draw(customers.id, 811) * 30000)::integer) as claimed_at
    from app.customers
    cross join app.settings
    where customers.id <> 0
      and customers.status = 'active'
    order by pg_temp.draw(customers.id, 812)
    limit 70
  ) as people
) as asked
inner join app.coupon_templates
  on coupon_templates.code = 'cinema_ticket'
cross join lateral ops.issue_coupons(
  coupon_templates.id, asked.customers, 'demo', asked.numbers, now(), jsonb_build_object('claimed', true, 'moments', asked.moments)
) as said;

-- Some went to the cinema; it tells which codes it took.
insert into app.coupon_uses (
  customer_id, checkout_id, source, external_id, coupon_id, template_id, status, gift_name, gift_quantity, cost, used_at, used_on
)
select
  coupons.customer_id,
  nextval('app.coupon_uses_id_seq'),
  'cinema',
  coupons.code,
  coupons.id,
  coupons.template_id,
  'reserved',
  coupon_templates.gift_name,
  1,
  coupons.held_amount,
  seen.at,
  (seen.at at time zone settings.time_zone)::date
from app.coupons
inner join app.coupon_templates
  on coupon_templates.id = coupons.template_id
  and coupon_templates.code = 'cinema_ticket'
cross join app.settings
cross join lateral (
  select coupons.claimed_at + make_interval(mins => 900 + floor(pg_temp.draw(coupons.customer_id, 821) * 6000)::integer) as at
) as seen
where coupons.status = 'claimed'
  and pg_temp.draw(coupons.customer_id, 822) < 0.6
  and seen.at < current_setting('seed.as_of_on')::timestamp at time zone settings.time_zone
order by coupons.id;

select cardinality(ops.redeem_coupon_uses(
  array_agg(coupon_uses.id order by coupon_uses.id), array_agg(coupon_uses.used_at order by coupon_uses.id)
))
from app.coupon_uses
where coupon_uses.source = 'cinema';

select cardinality(ops.withdraw_coupons(array_agg(coupons.id order by coupons.id), 'expired', null, now()))
from app.coupons
cross join app.settings
where coupons.status = 'claimed'
  and coupons.valid_until_at <= current_setting('seed.as_of_on')::timestamp at time zone settings.time_zone;

-- Nobody is reminded of what the demo's past has brought.
update app.coupons
set remind_at = null
where coupons.remind_at <= now();

insert into app.promotions (
  code, name, name_en, kind, status, starts_at, ends_at, counted_by, scope, categories, order_channels, discount_rate, strength_note,
  coupons, promotion_channels, partner, settlement_price, settlement_note, forecast_orders, forecast_amount, forecast_discount,
  forecast_coupons
)
select
  listed.code,
  listed.name,
  listed.name_en,
  listed.kind,
  'approved',
  (current_setting('seed.as_of_on')::date - listed.days_ago)::timestamp at time zone settings.time_zone,
  (current_setting('seed.as_of_on')::date - listed.days_ago + listed.days)::timestamp at time zone settings.time_zone,
  listed.counted_by,
  case when listed.with_category then 'categories' else 'all' end,
  case
    when listed.with_category then array(select products.category from app.products where products.category is not null group by 1 order by 1 limit 1)
    else '{}'
  end,
  listed.order_channels,
  listed.discount_rate,
  listed.strength_note,
  array(select coupon_templates.id from app.coupon_templates where coupon_templates.code = any (listed.coupons) order by 1),
  listed.promotion_channels,
  listed.partner,
  listed.settlement_price,
  listed.settlement_note,
  listed.forecast_orders,
  listed.forecast_amount,
  listed.forecast_discount,
  listed.forecast_coupons
from (
  values
    ('flash_weekend', '周末限时八折', 'Weekend flash: 20% off', 'flash', 9, 2, 'goods', true, '{online}'::text[], 0.2, null,
      '{}'::text[], '{in_site,push}'::text[], null, null::numeric, null, 60, 12000, 2400, null::integer),
    ('holiday_season', '年度大促', 'Season sale', 'holiday', 45, 14, 'coupons', false, '{}', null, '满400减80、满200减30 叠加会员价',
      '{sale_400_80,sale_200_30}', '{in_site,sms,push,community}', null, null, null, 180, 70000, 9000, 150),
    ('cinema_month', '影院联名月', 'Month with the cinema', 'partner', 20, 30, 'coupons', false, '{}', null, '消费即领观影券',
      '{cinema_ticket}', '{in_site,wecom,store}', '星光影院', 18, '每核销一张向影院结算 18 元，按月对账', null, null, null, 60)
) as listed (
  code, name, name_en, kind, days_ago, days, counted_by, with_category, order_channels, discount_rate, strength_note, coupons,
  promotion_channels, partner, settlement_price, settlement_note, forecast_orders, forecast_amount, forecast_discount, forecast_coupons
)
cross join app.settings
on conflict (code) do nothing;
