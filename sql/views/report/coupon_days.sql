create view report.coupon_days as

select
  coupons.issued_on,
  coupon_templates.code as template_code,
  coupon_templates.name as template_name,
  coupon_templates.name_en as template_name_en,
  coupon_templates.kind as coupon_kind,
  count(*) filter (where coupons.status <> 'void') as issued_count,
  count(*) filter (where coupons.status <> 'void' and coupons.claimed_at is not null) as claimed_count,
  count(*) filter (where coupons.status = 'redeemed') as redeemed_count,
  count(*) filter (where coupons.status = 'expired') as expired_count,
  count(*) filter (where coupons.status in ('issued', 'waiting', 'inactive', 'claimed', 'reserved')) as open_count,
  count(*) filter (where coupons.status = 'void') as void_count,
  coalesce(sum(coupon_uses.discount_amount), 0) as discount_amount,
  coalesce(sum(coupon_uses.cost), 0) as cost_amount
from app.coupons
inner join app.coupon_templates
  on coupon_templates.id = coupons.template_id
-- At most one use of a coupon stands.
left join app.coupon_uses
  on coupon_uses.customer_id = coupons.customer_id
  and coupon_uses.coupon_id = coupons.id
  and coupon_uses.status = 'redeemed'
group by coupons.issued_on, coupon_templates.id;

comment on view report.coupon_days is
  '优惠券日汇总 / Coupons by day
One row per template and day on which some were issued, with what has become of them since.';

comment on column report.coupon_days.issued_on is
  '发放日期 / Issued on
Day of the programme.';
comment on column report.coupon_days.template_code is
  '优惠券编码 / Template code
Code of the template.';
comment on column report.coupon_days.template_name is
  '优惠券 / Coupon
Chinese name.';
comment on column report.coupon_days.template_name_en is
  '优惠券（英文） / Coupon (English)
English name.';
comment on column report.coupon_days.coupon_kind is
  '券类型 / Kind
threshold, percentage, fixed, gift or free_shipping.';
comment on column report.coupon_days.issued_count is
  '发放数 / Issued
Coupons issued on the day, those made void left out.';
comment on column report.coupon_days.claimed_count is
  '领取数 / Claimed
Of these, claimed by now; one that was sent to the customer counts as claimed.';
comment on column report.coupon_days.redeemed_count is
  '核销数 / Redeemed
Of these, redeemed by now and not given back.';
comment on column report.coupon_days.expired_count is
  '过期数 / Expired
Of these, not used in time.';
comment on column report.coupon_days.open_count is
  '未用数 / Open
Of these, still to be claimed, activated or used.';
comment on column report.coupon_days.void_count is
  '作废数 / Void
Made void; not among those issued.';
comment on column report.coupon_days.discount_amount is
  '减免金额 / Amount off
What those that were redeemed took off.';
comment on column report.coupon_days.cost_amount is
  '成本 / Cost
What those that were redeemed cost: the cost per use of the template, or the amount off.';
