create view report.product_pairs as

with sides as (
  select
    product_pairs.product_id,
    product_pairs.other_id,
    product_pairs.product_count,
    product_pairs.other_count,
    product_pairs.pair_count,
    product_pairs.basket_count,
    product_pairs.from_on,
    product_pairs.as_of_on
  from app.product_pairs
  union all
  select
    product_pairs.other_id,
    product_pairs.product_id,
    product_pairs.other_count,
    product_pairs.product_count,
    product_pairs.pair_count,
    product_pairs.basket_count,
    product_pairs.from_on,
    product_pairs.as_of_on
  from app.product_pairs
)

select
  sides.as_of_on,
  sides.from_on,
  products.external_id as sku,
  products.name as product,
  products.category,
  others.external_id as other_sku,
  others.name as other_product,
  others.category as other_category,
  sides.basket_count,
  sides.product_count,
  sides.other_count,
  sides.pair_count,
  sides.pair_count::numeric / sides.basket_count as support_rate,
  sides.pair_count::numeric / sides.product_count as confidence_rate,
  sides.pair_count::numeric * sides.basket_count / (sides.product_count::numeric * sides.other_count) as lift,
  report.wilson_low(sides.pair_count, sides.product_count) * sides.basket_count / sides.other_count as lift_low
from sides
inner join app.products
  on products.id = sides.product_id
inner join app.products as others
  on others.id = sides.other_id;

comment on view report.product_pairs is
  '商品关联 / Products bought together
One row per product and other product that five orders or more of the latest ninety days hold both of; each pair twice, once from either side.';

comment on column report.product_pairs.as_of_on is
  '计算日期 / As of
Orders strictly before this day are counted.';
comment on column report.product_pairs.from_on is
  '起始日期 / From
First day of the orders that are counted.';
comment on column report.product_pairs.sku is
  '商品编码 / SKU
Number of the product.';
comment on column report.product_pairs.product is
  '商品 / Product
What was bought.';
comment on column report.product_pairs.category is
  '品类 / Category
Category of the product.';
comment on column report.product_pairs.other_sku is
  '另一商品编码 / Other SKU
Number of the other product.';
comment on column report.product_pairs.other_product is
  '另一商品 / Other product
What the same order held too.';
comment on column report.product_pairs.other_category is
  '另一品类 / Other category
Category of the other product.';
comment on column report.product_pairs.basket_count is
  '订单数 / Orders
Orders with known products; those of more than fifty are left out.';
comment on column report.product_pairs.product_count is
  '含该商品订单 / Orders of the product
Of these, how many hold the product.';
comment on column report.product_pairs.other_count is
  '含另一商品订单 / Orders of the other
Of these, how many hold the other product.';
comment on column report.product_pairs.pair_count is
  '同时购买订单 / Orders of both
Of these, how many hold both.';
comment on column report.product_pairs.support_rate is
  '支持度 / Support
Orders of both / orders.';
comment on column report.product_pairs.confidence_rate is
  '置信度 / Confidence
Orders of both / orders of the product.';
comment on column report.product_pairs.lift is
  '提升度 / Lift
Confidence / share of the orders that hold the other product: 1 where one says nothing about the other.';
comment on column report.product_pairs.lift_low is
  '提升度下限 / Lift, at least
Lift of the lower end of the 95% Wilson interval of the confidence: above 1 the pair is no chance.';
