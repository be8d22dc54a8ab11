create view base.coupon_pools as
with codes as (
  select
    coupon_codes.template_id,
    count(*) filter (where coupon_codes.status = 'free') as free,
    count(*) filter (where coupon_codes.status = 'taken') as taken,
    count(*) filter (where coupon_codes.status = 'withdrawn') as withdrawn
  from app.coupon_codes
  group by coupon_codes.template_id
),

waiting as (
  select
    coupons.template_id,
    count(*) as waiting,
    min(coupons.claimed_at) as waiting_since_at
  from app.coupons
  where coupons.status = 'waiting'
  group by coupons.template_id
)

select
  coupon_templates.id,
  coupon_templates.id as template_id,
  coupon_templates.name,
  coupon_templates.name_en,
  coupon_templates.code_mode,
  coupon_templates.status,
  coalesce(codes.free, 0) as free,
  coalesce(codes.taken, 0) as taken,
  coalesce(codes.withdrawn, 0) as withdrawn,
  coalesce(waiting.waiting, 0) as waiting,
  waiting.waiting_since_at,
  coupon_templates.pool_warn_at,
  coupon_templates.code_mode = 'imported'
    and coupon_templates.status = 'active'
    and coalesce(coalesce(codes.free, 0) <= coupon_templates.pool_warn_at, coalesce(codes.free, 0) = 0) as low
from app.coupon_templates
left join codes
  on codes.template_id = coupon_templates.id
left join waiting
  on waiting.template_id = coupon_templates.id
where coupon_templates.code_mode <> 'personal';

comment on view base.coupon_pools is
  'Pools of codes
One row per coupon template with codes: how many are free, who waits for one, and whether it is to be refilled.';
