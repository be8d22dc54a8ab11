create view report.rfm_cells as

with latest as (
  select max(rfm_snapshots.as_of_on) as as_of_on
  from app.rfm_snapshots
)

select
  rfm_day.as_of_on,
  rfm_day.as_of_on = latest.as_of_on as latest,
  rfm_day.recency_score,
  rfm_day.frequency_score,
  rfm_day.monetary_score,
  rfm_day.rfm_group,
  coalesce(rfm_groups.rfm_group_name, rfm_day.rfm_group) as rfm_group_name,
  coalesce(rfm_groups.rfm_group_name_en, rfm_day.rfm_group) as rfm_group_name_en,
  coalesce(rfm_groups.position, 1000) as rfm_group_position,
  rfm_day.customer_count,
  rfm_day.order_count,
  rfm_day.gross_amount,
  rfm_day.net_amount
from app.rfm_day
cross join latest
left join base.rfm_groups
  on rfm_groups.rfm_group = rfm_day.rfm_group;

comment on view report.rfm_cells is
  'RFM 单元格 / RFM cells
One row per scoring day and cell (R, F, M score) that has customers.';

comment on column report.rfm_cells.as_of_on is
  '评分日期 / Scoring day
The day: orders strictly before it count.';
comment on column report.rfm_cells.latest is
  '最近一次 / Latest
Whether this is the latest scoring day.';
comment on column report.rfm_cells.recency_score is
  'R 得分 / Recency score
1 to 5; 5 = the most recent fifth.';
comment on column report.rfm_cells.frequency_score is
  'F 得分 / Frequency score
1 to 5; 5 = the fifth with the most orders.';
comment on column report.rfm_cells.monetary_score is
  'M 得分 / Monetary score
1 to 5; 5 = the fifth with the highest net spend.';
comment on column report.rfm_cells.rfm_group is
  'RFM 分组编码 / RFM group code
Code of the named group; ''other'' where none fits.';
comment on column report.rfm_cells.rfm_group_name is
  'RFM 分组 / RFM group
Chinese name of the group.';
comment on column report.rfm_cells.rfm_group_name_en is
  'RFM 分组（英文） / RFM group (English)
English name of the group.';
comment on column report.rfm_cells.rfm_group_position is
  '排序 / Position
Order of the groups.';
comment on column report.rfm_cells.customer_count is
  '客户数 / Customers
Customers in the cell.';
comment on column report.rfm_cells.order_count is
  '累计订单数 / Orders to date
Their orders, life to date.';
comment on column report.rfm_cells.gross_amount is
  '累计消费 / Gross spend to date
Their order value, life to date.';
comment on column report.rfm_cells.net_amount is
  '累计净消费 / Net spend to date
Their order value less returns, life to date.';
