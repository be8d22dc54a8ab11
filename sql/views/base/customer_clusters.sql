create view base.customer_clusters as

with latest as (
  select cluster_models.*
  from app.cluster_models
  order by cluster_models.as_of_on desc
  limit 1
),

placed as (
  select
    customer_habits.customer_id,
    latest.as_of_on,
    (customer_habits.recency - latest.recency_mean) / latest.recency_deviation as recency,
    (customer_habits.frequency - latest.frequency_mean) / latest.frequency_deviation as frequency,
    (customer_habits.monetary - latest.monetary_mean) / latest.monetary_deviation as monetary
  from base.customer_habits
  cross join latest
)

select
  placed.customer_id,
  nearest.number
from placed
cross join lateral (
  select clusters.number
  from app.clusters
  where clusters.as_of_on = placed.as_of_on
  order by
    power(clusters.recency - placed.recency, 2)
    + power(clusters.frequency - placed.frequency, 2)
    + power(clusters.monetary - placed.monetary, 2),
    clusters.number
  limit 1
) as nearest;

comment on view base.customer_clusters is
  'Groups that customers belong to
One row per customer with an order: the group of the latest model whose centre is nearest.';
