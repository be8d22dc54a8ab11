/*---
report: 1
title: [RFM 分组, RFM groups]
describe: ["十个 RFM 分组各有多少客户、贡献多少消费；点击柱子查看客户", "How many customers each RFM group holds and what they spent. Click a column to see them"]
owner: analytics
columns:
  rfm_group_name: { role: category }
  rfm_group:      { role: detail, hidden: true }
  customers:      { role: measure, metric: customers }
  orders:         { role: measure, metric: orders }
  revenue:        { role: measure, metric: revenue_gross }
  net_spend:      { role: measure, metric: net_spend }
  net_spend_per_customer: { role: measure, metric: net_spend_per_customer }
chart: { kind: column, x: rfm_group_name, y: customers }
drill: { to: "resource:customers", pass: [rfm_group] }
limits: { rows: 50, timeout: 10s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  case when :lang = 'en' then rfm_cells.rfm_group_name_en else rfm_cells.rfm_group_name end as rfm_group_name,
  rfm_cells.rfm_group,
  sum(rfm_cells.customer_count)::bigint as customers,
  sum(rfm_cells.order_count)::bigint as orders,
  sum(rfm_cells.gross_amount) as revenue,
  sum(rfm_cells.net_amount) as net_spend,
  round(sum(rfm_cells.net_amount) / nullif(sum(rfm_cells.customer_count), 0), 2) as net_spend_per_customer
from report.rfm_cells
where rfm_cells.latest
group by 1, 2, rfm_cells.rfm_group_position
order by rfm_cells.rfm_group_position
