/*---
report: 1
title: [少人使用的权益, Benefits hardly used]
describe: ["使用中的权益，近 90 天用得最少的在前；享有的人多而用的人少，值得调整", "Active benefits, least used in the last 90 days first. Many who have it and few who use it: worth a change"]
owner: analytics
columns:
  benefit:      { role: category, label: [权益, Benefit] }
  layer:        { role: series, label: [层级, Layer], labels: { basic: [基础, Basic], advanced: [进阶, Advanced], emotional: [情感, Emotional], tier: [等级, Tier], custom: [自定义, Custom] } }
  holders:      { role: measure, metric: benefit_holders_now }
  uses:         { role: measure, metric: benefit_uses, label: [近 90 天使用, Uses in 90 days] }
  last_used_on: { role: detail, label: [最近使用, Last used on] }
chart: { kind: table }
limits: { rows: 200, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  case when :lang = 'en' then benefits_used.benefit_name_en else benefits_used.benefit_name end as benefit,
  benefits_used.layer,
  benefits_used.holder_count as holders,
  benefits_used.recent_use_count as uses,
  benefits_used.last_used_on
from report.benefits_used
order by benefits_used.recent_use_count, benefits_used.holder_count desc, benefits_used.benefit_code
