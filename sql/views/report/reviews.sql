create view report.reviews as

select
  events.id as event_id,
  events.source,
  events.external_id as event_no,
  events.occurred_on as reviewed_on,
  coalesce(events.channel, 'unknown') as channel,
  events.rating,
  products.external_id as sku,
  products.name as product_name,
  products.category
from app.events
left join app.products
  on products.id = events.product_id
where events.kind = 'review';

comment on view report.reviews is
  '评价 / Reviews
One row per review. What was written and by whom is not here: the event itself has it, for those who may read it.';

comment on column report.reviews.event_id is
  '行为记录 / Event record
Of the review among what customers did; the higher, the later it came in.';
comment on column report.reviews.source is
  '数据来源 / Source
Who sent it.';
comment on column report.reviews.event_no is
  '行为编号 / Event no.
By which the source knows it.';
comment on column report.reviews.reviewed_on is
  '评价日期 / Reviewed on
Programme day.';
comment on column report.reviews.channel is
  '渠道 / Channel
Where it was written, as the shop says it; unknown where it does not.';
comment on column report.reviews.rating is
  '评分 / Rating
1 to 5; null where the review has none.';
comment on column report.reviews.sku is
  '商品编码 / SKU
Of the product that is reviewed; null where none is named.';
comment on column report.reviews.product_name is
  '商品 / Product
What is reviewed; null where none is named.';
comment on column report.reviews.category is
  '品类 / Category
Of the product.';
