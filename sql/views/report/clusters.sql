create view report.clusters as

with latest as (
  select max(cluster_models.as_of_on) as as_of_on
  from app.cluster_models
),

described as (
  select
    clusters.*,
    concat_ws(
      '·',
      case when clusters.recency <= -0.4 then '近期' when clusters.recency >= 0.4 then '久未下单' end,
      case when clusters.frequency >= 0.4 then '常买' when clusters.frequency <= -0.4 then '少买' end,
      case when clusters.monetary >= 0.4 then '高消费' when clusters.monetary <= -0.4 then '低消费' end
    ) as words,
    concat_ws(
      ', ',
      case when clusters.recency <= -0.4 then 'recent' when clusters.recency >= 0.4 then 'long quiet' end,
      case when clusters.frequency >= 0.4 then 'frequent' when clusters.frequency <= -0.4 then 'rare' end,
      case when clusters.monetary >= 0.4 then 'high spend' when clusters.monetary <= -0.4 then 'low spend' end
    ) as words_en
  from app.clusters
  inner join latest
    on latest.as_of_on = clusters.as_of_on
  where clusters.customer_count >= 5
)

select
  described.as_of_on,
  described.number,
  described.number || ' ' || coalesce(nullif(described.words, ''), '一般') as name,
  described.number || ' ' || coalesce(nullif(described.words_en, ''), 'average') as name_en,
  round(described.recency::numeric, 4) as recency,
  round(described.frequency::numeric, 4) as frequency,
  round(described.monetary::numeric, 4) as monetary,
  described.customer_count,
  described.order_count,
  described.net_amount,
  described.recency_days,
  described.expected_amount,
  cluster_models.explained_rate
from described
inner join app.cluster_models
  on cluster_models.as_of_on = described.as_of_on;

comment on view report.clusters is
  '客户聚类 / Groups of customers
One row per group of customers who buy alike (k-means on the logarithms of recency, frequency and spend), as of the latest computed day; groups of fewer than five are not shown.';

comment on column report.clusters.as_of_on is
  '计算日期 / As of
Orders strictly before this day are known.';
comment on column report.clusters.number is
  '序号 / Number
1 spends most.';
comment on column report.clusters.name is
  '群体 / Group
What it is like, Chinese: beside all customers, more than 0.4 deviations off.';
comment on column report.clusters.name_en is
  '群体（英文） / Group (English)
What it is like, English.';
comment on column report.clusters.recency is
  '最近消费中心 / Recency, centre
Days since the last order in deviations from all customers; below 0 is more recent.';
comment on column report.clusters.frequency is
  '消费频次中心 / Frequency, centre
Orders in deviations from all customers.';
comment on column report.clusters.monetary is
  '消费金额中心 / Spend, centre
Net spend in deviations from all customers.';
comment on column report.clusters.customer_count is
  '客户数 / Customers
Customers of the group.';
comment on column report.clusters.order_count is
  '累计订单数 / Orders
Their orders to date.';
comment on column report.clusters.net_amount is
  '累计净消费 / Net spend
Their order value less returns, to date.';
comment on column report.clusters.recency_days is
  '沉默天数合计 / Days since, in all
Days since their last order, added up.';
comment on column report.clusters.expected_amount is
  '12 个月价值 / Value of 12 months
What they are expected to be worth in twelve months.';
comment on column report.clusters.explained_rate is
  '解释度 / Explained
Share of the differences between customers that lies between the groups.';
