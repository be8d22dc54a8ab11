create view base.customer_links as

select
  customer_links.customer_id as id,
  customer_links.customer_id,
  customers.external_id,
  customer_links.survivor_id,
  customers.merged_into_id as now_id,
  customer_links.merged_at,
  customer_links.merged_by,
  customer_links.reason
from app.customer_links
inner join app.customers
  on customers.id = customer_links.customer_id;

comment on view base.customer_links is
  'Merges
One row per customer who was merged into another: into whom, by whom, why, and who that is now.';
