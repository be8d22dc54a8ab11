/*---
report: 1
title: [品类关联, Categories bought together]
describe: ["近 90 天两个品类的商品组合平均提升度：大于 1 说明比偶然更常一起买。由同时购买订单 30 笔以上的品类组合算出", "Lift of pairs of products by their categories, in the last 90 days: above 1 they are bought together more than by chance. Of categories with 30 or more such orders"]
owner: analytics
columns:
  category:       { role: category, label: [品类, Category] }
  other_category: { role: category, label: [另一品类, Other category] }
  lift:           { role: measure, metric: pair_lift }
  both:           { role: measure, metric: pair_orders }
chart: { kind: cell, x: category, y: other_category, value: lift }
limits: { rows: 900, timeout: 15s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with sums as (
  select
    coalesce(product_pairs.category, '–') as category,
    coalesce(product_pairs.other_category, '–') as other_category,
    sum(product_pairs.pair_count) as pair_count,
    -- As many orders as would hold both if one said nothing about the other.
    sum(product_pairs.product_count::numeric * product_pairs.other_count / product_pairs.basket_count) as by_chance
  from report.product_pairs
  group by 1, 2
)

select
  sums.category,
  sums.other_category,
  case when sums.pair_count >= 30 then round(sums.pair_count / sums.by_chance, 2) end as lift,
  sums.pair_count::bigint as both
from sums
order by sums.category, sums.other_category
