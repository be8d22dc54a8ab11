create view base.promotions as
select
  promotions.id,
  promotions.code,
  promotions.name,
  promotions.name_en,
  promotions.kind,
  promotions.status,
  promotions.starts_at,
  promotions.ends_at,
  (promotions.starts_at at time zone settings.time_zone)::date as starts_on,
  (promotions.ends_at at time zone settings.time_zone)::date as ends_on,
  case
    when promotions.status <> 'approved' then promotions.status
    when promotions.starts_at > now() then 'ahead'
    when promotions.ends_at > now() then 'running'
    else 'over'
  end as course,
  promotions.counted_by,
  promotions.scope,
  promotions.products,
  promotions.categories,
  promotions.order_channels,
  promotions.discount_rate,
  promotions.strength_note,
  promotions.coupons,
  promotions.promotion_channels,
  promotions.partner,
  promotions.settlement_price,
  promotions.settlement_note,
  promotions.campaign_id,
  promotions.forecast_orders,
  promotions.forecast_amount,
  promotions.forecast_discount,
  promotions.forecast_coupons,
  promotions.owner_id,
  promotions.note,
  promotions.extras,
  sold.order_count as actual_orders,
  sold.amount as actual_amount,
  sold.discount_amount as actual_discount,
  used.coupon_count as actual_coupons,
  round(used.coupon_count * promotions.settlement_price, 2) as settlement_amount,
  case when promotions.forecast_amount > 0 then round(sold.amount / promotions.forecast_amount, 4) end as attained,
  promotions.version,
  promotions.created_at,
  promotions.updated_at
from app.promotions
cross join app.settings
-- Its coupons redeemed with orders of its time.
left join lateral (
  select count(*) as coupon_count
  from app.coupon_uses
  where coupon_uses.template_id = any (promotions.coupons)
    and coupon_uses.status = 'redeemed'
    and coupon_uses.used_at >= promotions.starts_at
    and coupon_uses.used_at < promotions.ends_at
    -- Found by their days, however long the template has been in use.
    and coupon_uses.used_on >= (promotions.starts_at at time zone settings.time_zone)::date
    and coupon_uses.used_on <= (promotions.ends_at at time zone settings.time_zone)::date
) as used
  on true
left join lateral (
  select
    count(*) as order_count,
    coalesce(sum(counted.amount), 0) as amount,
    coalesce(sum(counted.discount_amount), 0) as discount_amount
  from (
    -- Of the goods what these lines cost, and their part of the discount; by coupons the whole order.
    select
      case promotions.counted_by when 'goods' then lines.amount else orders.amount + orders.discount_amount end as amount,
      case promotions.counted_by
        when 'goods' then round(orders.discount_amount * lines.amount / nullif(orders.amount + orders.discount_amount, 0), 2)
        else orders.discount_amount
      end as discount_amount
    from app.orders
    left join lateral (
      select sum(order_lines.amount) as amount
      from app.order_lines
      left join app.products
        on products.id = order_lines.product_id
      where promotions.counted_by = 'goods'
        and order_lines.customer_id = orders.customer_id
        and order_lines.order_id = orders.id
        and case promotions.scope
          when 'all' then true
          when 'products' then order_lines.product_id = any (promotions.products)
          else products.category = any (promotions.categories)
        end
    ) as lines
      on true
    where orders.placed_at >= promotions.starts_at
      and orders.placed_at < promotions.ends_at
      and orders.status in ('paid', 'completed')
      and (promotions.order_channels = '{}' or orders.channel = any (promotions.order_channels))
      and case promotions.counted_by
        when 'goods' then lines.amount is not null
        else exists (
          select
          from app.coupon_uses
          where coupon_uses.customer_id = orders.customer_id
            and coupon_uses.order_id = orders.id
            and coupon_uses.status = 'redeemed'
            and coupon_uses.template_id = any (promotions.coupons)
        )
      end
  ) as counted
) as sold
  on true;

comment on view base.promotions is
  'Promotions
One row per promotion, with what came of it: paid orders of its goods in its time, or those that redeemed its coupons.';
