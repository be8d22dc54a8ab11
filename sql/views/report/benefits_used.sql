create view report.benefits_used as

with uses as (
  select
    benefit_uses.benefit_id,
    max(benefit_uses.used_on) as last_used_on,
    count(*) filter (where benefit_uses.used_on > programme.today_on - 90) as recent_use_count
  from app.benefit_uses
  cross join base.programme
  where benefit_uses.status in ('waiting', 'done')
  group by benefit_uses.benefit_id
),

held as (
  select
    benefit_quotas.benefit_id,
    count(distinct benefit_quotas.customer_id) as holder_count
  from app.benefit_quotas
  cross join base.programme
  where benefit_quotas.usable_from <= programme.today_on
    and coalesce(benefit_quotas.usable_until > programme.today_on, true)
  group by benefit_quotas.benefit_id
)

select
  benefits.code as benefit_code,
  benefits.name as benefit_name,
  benefits.name_en as benefit_name_en,
  benefits.layer,
  coalesce(held.holder_count, 0) as holder_count,
  coalesce(uses.recent_use_count, 0) as recent_use_count,
  uses.last_used_on
from app.benefits
left join uses
  on uses.benefit_id = benefits.id
left join held
  on held.benefit_id = benefits.id
where benefits.status = 'active'
  and benefits.kind <> 'point_multiplier';

comment on view report.benefits_used is
  '权益使用情况 / Benefits and their use
One row per active benefit, but those that multiply points by themselves: when it was last used, and who could use it today.';

comment on column report.benefits_used.benefit_code is
  '权益编码 / Benefit code
Code of the benefit.';
comment on column report.benefits_used.benefit_name is
  '权益 / Benefit
Chinese name of the benefit.';
comment on column report.benefits_used.benefit_name_en is
  '权益（英文） / Benefit (English)
English name of the benefit.';
comment on column report.benefits_used.layer is
  '层级 / Layer
basic, advanced, emotional, tier or custom.';
comment on column report.benefits_used.holder_count is
  '当前享有客户 / Holders now
Customers for whom it is open today.';
comment on column report.benefits_used.recent_use_count is
  '近 90 天使用 / Uses in 90 days
Uses in the last 90 days; cancelled and failed ones are left out.';
comment on column report.benefits_used.last_used_on is
  '最近使用 / Last used on
The last day on which anybody used it; empty: never.';
