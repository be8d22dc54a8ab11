/*---
report: 1
title: [RFM 分布, RFM grid]
describe: ["按最近消费（R）和消费频次（F）的五分位看客户分布，颜色是人数最多的分组；点击格子查看客户", "Customers by quintile of recency (R) and frequency (F); the colour is the group most of them are in. Click a cell to see them"]
owner: analytics
params:
  monetary: { type: integer, min: 1, max: 5, label: [M 得分, M score] }
columns:
  recency_score:   { role: category }
  frequency_score: { role: category }
  rfm_group_name:  { role: series }
  customers:       { role: measure, metric: customers }
  net_spend:       { role: measure, metric: net_spend }
  net_spend_per_customer: { role: measure, metric: net_spend_per_customer }
chart: { kind: cell, x: recency_score, y: frequency_score, value: customers, color: rfm_group_name }
drill: { to: "resource:customers", pass: [recency_score, frequency_score] }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

with cells as (
  select
    rfm_cells.recency_score,
    rfm_cells.frequency_score,
    case when :lang = 'en' then rfm_cells.rfm_group_name_en else rfm_cells.rfm_group_name end as rfm_group_name,
    rfm_cells.rfm_group_position,
    sum(rfm_cells.customer_count) as customer_count,
    sum(rfm_cells.net_amount) as net_amount
  from report.rfm_cells
  where rfm_cells.latest
    and (:monetary is null or rfm_cells.monetary_score = :monetary)
  group by 1, 2, 3, 4
)

select
  cells.recency_score,
  cells.frequency_score,
  (array_agg(cells.rfm_group_name order by cells.customer_count desc, cells.rfm_group_position))[1] as rfm_group_name,
  sum(cells.customer_count)::bigint as customers,
  sum(cells.net_amount) as net_spend,
  round(sum(cells.net_amount) / nullif(sum(cells.customer_count), 0), 2) as net_spend_per_customer
from cells
group by cells.recency_score, cells.frequency_score
order by cells.recency_score, cells.frequency_score
