/*---
report: 1
title: [每日发放与核销, Issued and redeemed by day]
describe: ["每天发放了多少券，这些券到现在核销了多少", "How many coupons each day issued, and how many of these have been redeemed by now"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [发放日期, Issued in] }
  coupon: { type: text, label: [优惠券, Coupon], options: "select distinct template_code, case when :lang = 'en' then template_name_en else template_name end from report.coupon_days order by 2" }
columns:
  day:             { role: time }
  issued:          { role: measure, metric: coupons_issued }
  claimed:         { role: weight, metric: coupons_claimed }
  redeemed:        { role: measure, metric: coupons_redeemed }
  redemption_rate: { role: measure, metric: coupon_redemption_rate }
  claim_rate:      { role: measure, metric: coupon_claim_rate }
  discount:        { role: measure, metric: coupon_discount }
chart: { kind: line, x: day, y: issued }
compare: [same_period_last_year]
events: { tags: [promotion, holiday, campaign] }
limits: { rows: 1000, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  coupon_days.issued_on as day,
  sum(coupon_days.issued_count)::bigint as issued,
  sum(coupon_days.claimed_count)::bigint as claimed,
  sum(coupon_days.redeemed_count)::bigint as redeemed,
  sum(coupon_days.redeemed_count)::numeric / nullif(sum(coupon_days.claimed_count), 0) as redemption_rate,
  sum(coupon_days.claimed_count)::numeric / nullif(sum(coupon_days.issued_count), 0) as claim_rate,
  sum(coupon_days.discount_amount) as discount
from report.coupon_days
where coupon_days.issued_on >= :period_from
  and coupon_days.issued_on < :period_to
  and (:coupon is null or coupon_days.template_code = :coupon)
group by 1
having sum(coupon_days.issued_count) > 0
order by 1
