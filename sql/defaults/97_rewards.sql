-- What the default programme gives for points.
insert into app.rewards (
  code, name, name_en, kind, status, points, coupon_template_id, benefit_id, partner, partner_unit, partner_units, settlement_price,
  stock, max_quantity, customer_limit, limit_period, handle_hours, description
)
values
  ('thermos_cup', '保温杯', 'Thermos cup', 'goods', 'active', 2000, null, null, null, null, null, null, 200, 2, 2, 'year', 72, '确认后 72 小时内寄出'),
  ('tote_bag', '帆布袋', 'Tote bag', 'goods', 'active', 800, null, null, null, null, null, null, 500, 3, null, 'lifetime', 72, null),
  ('draw_ticket', '抽奖券', 'Lottery ticket', 'ticket', 'active', 100, null, null, null, null, null, null, null, 10, 30, 'month', null, '每月最多 30 张'),
  ('air_miles', '航空里程', 'Air miles', 'partner', 'active', 1000, null, null, '合作航空', '里程', 500, 0.012, null, 100, null, 'lifetime', 120, '1000 积分兑 500 里程，5 个工作日到账')
on conflict do nothing;

insert into app.rewards (code, name, name_en, kind, status, points, coupon_template_id, max_quantity, customer_limit, limit_period)
select
  'coupon_' || coupon_templates.code,
  coupon_templates.name,
  coupon_templates.name_en,
  'coupon',
  'active',
  1000,
  coupon_templates.id,
  1,
  1,
  'month'
from app.coupon_templates
where coupon_templates.status = 'active'
  and coupon_templates.kind = 'threshold'
order by coupon_templates.id
limit 1
on conflict do nothing;
