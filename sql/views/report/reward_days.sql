create view report.reward_days as

select
  (redemptions.confirmed_at at time zone programme.time_zone)::date as redeemed_on,
  rewards.code as reward_code,
  rewards.name as reward_name,
  rewards.name_en as reward_name_en,
  rewards.kind as reward_kind,
  rewards.partner,
  rewards.partner_unit,
  count(*) as redemption_count,
  count(distinct redemptions.customer_id) as customer_count,
  sum(redemptions.quantity) as quantity,
  sum(redemptions.points)::bigint as points,
  sum(redemptions.partner_units)::bigint as partner_units,
  sum(redemptions.settlement_amount) as settlement_amount,
  count(*) filter (where redemptions.handed_over_at is not null) as handed_over_count
from app.redemptions
inner join app.rewards
  on rewards.id = redemptions.reward_id
cross join base.programme
where redemptions.status = 'confirmed'
group by 1, rewards.id;

comment on view report.reward_days is
  '兑换商品日汇总 / Rewards by day
One row per reward and day on which some were redeemed: confirmed redemptions that were not cancelled.';

comment on column report.reward_days.redeemed_on is
  '兑换日期 / Redeemed on
Day of the confirmation.';
comment on column report.reward_days.reward_code is
  '商品编码 / Reward code
Code of the reward.';
comment on column report.reward_days.reward_name is
  '兑换商品 / Reward
Chinese name.';
comment on column report.reward_days.reward_name_en is
  '兑换商品（英文） / Reward (English)
English name.';
comment on column report.reward_days.reward_kind is
  '类型 / Kind
goods, coupon, benefit, ticket or partner.';
comment on column report.reward_days.partner is
  '合作方 / Partner
Whose currency it is; empty for other kinds.';
comment on column report.reward_days.partner_unit is
  '合作方单位 / Unit of the partner
Such as miles.';
comment on column report.reward_days.redemption_count is
  '兑换笔数 / Redemptions
Confirmed redemptions.';
comment on column report.reward_days.customer_count is
  '兑换客户数 / Customers
Distinct customers of the day; not to be added up over days.';
comment on column report.reward_days.quantity is
  '兑换份数 / Quantity
Rewards given.';
comment on column report.reward_days.points is
  '使用积分 / Points
Points spent.';
comment on column report.reward_days.partner_units is
  '合作方积分 / Units of the partner
Miles or points that the partner credits.';
comment on column report.reward_days.settlement_amount is
  '结算金额 / Settlement
Money due to the partner, at the price of the time of the redemption.';
comment on column report.reward_days.handed_over_count is
  '已交付笔数 / Handed over
Redemptions whose reward was handed over.';
