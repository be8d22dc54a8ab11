/*---
report: 1
title: [各优惠券领取与核销, Claim and redemption by coupon]
describe: ["期内发放的券到现在领取、核销了多少；最近发放的还在有效期内", "What has become of the coupons issued in the period; the latest are still valid"]
owner: analytics
params:
  period: { type: daterange, default: last_12m, label: [发放日期, Issued in] }
columns:
  coupon:          { role: category, label: [优惠券, Coupon] }
  template_code:   { role: detail, label: [优惠券编码, Template code], hidden: true }
  redemption_rate: { role: measure, metric: coupon_redemption_rate }
  claim_rate:      { role: measure, metric: coupon_claim_rate }
  issued:          { role: measure, metric: coupons_issued }
  claimed:         { role: weight, metric: coupons_claimed }
  redeemed:        { role: measure, metric: coupons_redeemed }
  discount:        { role: measure, metric: coupon_discount }
chart: { kind: column, x: coupon, y: redemption_rate }
drill: { to: coupons/redemption-by-day, pass: { coupon: template_code } }
limits: { rows: 500, timeout: 10s }
access: { roles: [analyst, manager, operator, viewer] }
---*/

select
  case when :lang = 'en' then coupon_days.template_name_en else coupon_days.template_name end as coupon,
  coupon_days.template_code,
  sum(coupon_days.redeemed_count)::numeric / nullif(sum(coupon_days.claimed_count), 0) as redemption_rate,
  sum(coupon_days.claimed_count)::numeric / nullif(sum(coupon_days.issued_count), 0) as claim_rate,
  sum(coupon_days.issued_count)::bigint as issued,
  sum(coupon_days.claimed_count)::bigint as claimed,
  sum(coupon_days.redeemed_count)::bigint as redeemed,
  sum(coupon_days.discount_amount) as discount
from report.coupon_days
where coupon_days.issued_on >= :period_from
  and coupon_days.issued_on < :period_to
group by 1, 2
having sum(coupon_days.issued_count) > 0
order by issued desc, coupon_days.template_code
