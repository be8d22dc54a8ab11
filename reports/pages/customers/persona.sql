/*---
report: 1
title: [客户画像, Personas]
describe: ["按年龄、性别、城市级别或入会渠道看客户数与消费；不足 5 人的取值不显示", "Customers and what they spent, by age, gender, tier of city or enrolment channel. Values that fewer than five share are not shown"]
owner: analytics
params:
  trait:
    type: enum
    values: [age, gender, city_tier, channel]
    default: age
    label: [维度, By]
    labels: { age: [年龄, Age], gender: [性别, Gender], city_tier: [城市级别, Tier of city], channel: [入会渠道, Enrolment channel] }
columns:
  value:     { role: category, label: [取值, Value], labels: { under_18: [18 岁以下, Under 18], "18_24": [18–24 岁, 18-24], "25_34": [25–34 岁, 25-34], "35_44": [35–44 岁, 35-44], "45_54": [45–54 岁, 45-54], "55_over": [55 岁及以上, 55 and over], female: [女, Female], male: [男, Male], first: [一线, First tier], new_first: [新一线, New first tier], other: [其他, Other], online: [线上, Online], store: [门店, Store], wecom: [企业微信, WeCom], referral: [转介绍, Referral], import: [导入, Import], unknown: [未知, Unknown] } }
  customers: { role: measure, metric: customers }
  net_spend: { role: measure, metric: net_spend }
  net_spend_per_customer: { role: measure, metric: net_spend_per_customer }
  orders:    { role: measure, metric: orders }
chart: { kind: column, x: value, y: customers }
run: { mode: cached, ttl: 15m }
limits: { rows: 50, timeout: 20s }
access: { roles: [analyst, manager, operator, reviewer, viewer] }
---*/

select
  customer_personas.code as value,
  customer_personas.customer_count as customers,
  customer_personas.net_amount as net_spend,
  round(customer_personas.net_amount / customer_personas.customer_count, 2) as net_spend_per_customer,
  customer_personas.order_count as orders
from report.customer_personas
where customer_personas.trait = :trait
order by
  array_position(
    array[
      'under_18', '18_24', '25_34', '35_44', '45_54', '55_over', 'female', 'male', 'first', 'new_first', 'online', 'store', 'wecom',
      'referral', 'import', 'other', 'unknown'
    ],
    customer_personas.code
  )
