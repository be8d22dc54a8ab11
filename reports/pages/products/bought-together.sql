/*---
report: 1
title: [商品关联, Products bought together]
describe: ["近 90 天同一订单里常一起出现的商品：支持度、置信度、提升度；按提升度下限排序，只列确实多于偶然的组合", "Products that one order often holds together, in the last 90 days: support, confidence and lift. The surest first; only pairs that are more than chance"]
owner: analytics
params:
  category: { type: text, many: true, label: [品类, Category], options: "select distinct category, category from report.product_pairs where category is not null order by 1" }
  orders:   { type: integer, default: 10, min: 5, max: 100000, label: [至少同时购买订单, Orders of both at least] }
columns:
  product:       { role: category, label: [商品, Product] }
  other_product: { role: category, label: [常一起购买, Bought with it] }
  lift:          { role: measure, metric: pair_lift }
  lift_low:      { role: measure, metric: pair_lift, label: [提升度下限, "Lift, at least"] }
  confidence:    { role: measure, metric: pair_confidence }
  support:       { role: measure, metric: pair_support }
  both:          { role: measure, metric: pair_orders }
  of_product:    { role: weight, metric: product_orders }
  baskets:       { role: weight, metric: baskets }
chart: { kind: table }
limits: { rows: 200, timeout: 15s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  product_pairs.product,
  product_pairs.other_product,
  round(product_pairs.lift, 2) as lift,
  round(product_pairs.lift_low, 2) as lift_low,
  round(product_pairs.confidence_rate, 6) as confidence,
  round(product_pairs.support_rate, 6) as support,
  product_pairs.pair_count as both,
  product_pairs.product_count as of_product,
  product_pairs.basket_count as baskets
from report.product_pairs
where product_pairs.pair_count >= :orders
  and product_pairs.lift_low > 1
  and (:category is null or product_pairs.category = any(:category))
order by product_pairs.lift_low desc, product_pairs.sku, product_pairs.other_sku
limit 200
