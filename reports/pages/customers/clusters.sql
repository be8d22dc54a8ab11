/*---
report: 1
title: [客户聚类, Groups who buy alike]
describe: ["按最近消费、频次、金额自动聚成的群体（k-means），每周更新：各有多少人、消费什么水平、未来值多少", "Groups that customers fall into by how recently, how often and for how much they buy (k-means), each week: how many, what they spend and what they are worth"]
owner: analytics
columns:
  cluster:    { role: category, label: [群体, Group] }
  customers:  { role: measure, metric: customers }
  net_spend:  { role: measure, metric: net_spend }
  net_spend_per_customer: { role: measure, metric: net_spend_per_customer }
  spend_share: { role: measure, metric: cluster_spend_share }
  orders_each: { role: measure, metric: orders_per_customer }
  orders:      { role: measure, metric: orders }
  quiet_days: { role: measure, metric: mean_quiet_days }
  value:      { role: measure, metric: customer_value_12m }
  all_spend:  { role: weight, metric: all_net_spend }
chart: { kind: column, x: cluster, y: customers }
limits: { rows: 20, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then clusters.name_en else clusters.name end as cluster,
  clusters.customer_count as customers,
  clusters.net_amount as net_spend,
  round(clusters.net_amount / clusters.customer_count, 2) as net_spend_per_customer,
  round(clusters.net_amount / nullif(sum(clusters.net_amount) over (), 0), 6) as spend_share,
  round(clusters.order_count::numeric / clusters.customer_count, 2) as orders_each,
  clusters.order_count as orders,
  round(clusters.recency_days::numeric / clusters.customer_count, 1) as quiet_days,
  clusters.expected_amount as value,
  sum(clusters.net_amount) over () as all_spend
from report.clusters
order by clusters.number
