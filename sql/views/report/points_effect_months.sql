create view report.points_effect_months as

with users as materialized (
  select distinct
    redemptions.customer_id,
    date_trunc('month', redemptions.confirmed_at at time zone programme.time_zone)::date as month_on
  from app.redemptions
  cross join base.programme
  where redemptions.status = 'confirmed'
)

select
  months.starts_on as month_on,
  groups.used,
  (months.starts_on + interval '2 months')::date <= programme.observed_until as mature,
  groups.buyer_count,
  groups.returned_count,
  groups.net_amount,
  groups.next_net_amount
from app.order_period as months
cross join base.programme
cross join lateral (
  select
    users.customer_id is not null as used,
    count(*) as buyer_count,
    count(*) filter (where spent.bought_next) as returned_count,
    sum(spent.net_amount) as net_amount,
    sum(spent.next_net_amount) as next_net_amount
  from (
    select
      customer_day.customer_id,
      bool_or(customer_day.day < (months.starts_on + interval '1 month')::date and customer_day.order_count > 0) as bought_now,
      bool_or(customer_day.day >= (months.starts_on + interval '1 month')::date and customer_day.order_count > 0) as bought_next,
      coalesce(
        sum(customer_day.amount - customer_day.returned_amount)
          filter (where customer_day.day < (months.starts_on + interval '1 month')::date),
        0
      ) as net_amount,
      coalesce(
        sum(customer_day.amount - customer_day.returned_amount)
          filter (where customer_day.day >= (months.starts_on + interval '1 month')::date),
        0
      ) as next_net_amount
    from app.customer_day
    where customer_day.day >= months.starts_on
      and customer_day.day < (months.starts_on + interval '2 months')::date
    group by customer_day.customer_id
  ) as spent
  left join users
    on users.customer_id = spent.customer_id
    and users.month_on = months.starts_on
  where spent.bought_now
  group by 1
) as groups
where months.grain = 'month';

comment on view report.points_effect_months is
  '积分使用与复购 / Use of points and buying again
One row per calendar month with facts and whether its buyers redeemed points in it: what they did in the month after. Bound the months: each reads the days of two.';

comment on column report.points_effect_months.month_on is
  '月份 / Month
First day of the month.';
comment on column report.points_effect_months.used is
  '是否使用积分 / Used points
Whether they redeemed points in the month.';
comment on column report.points_effect_months.mature is
  '次月已过完 / Mature
Whether the month after is over.';
comment on column report.points_effect_months.buyer_count is
  '下单客户数 / Buyers
Known customers with an order in the month.';
comment on column report.points_effect_months.returned_count is
  '次月再次下单 / Bought again
Of these, with an order in the month after.';
comment on column report.points_effect_months.net_amount is
  '当月净消费 / Net spend of the month
What they spent in the month, less what they returned in it.';
comment on column report.points_effect_months.next_net_amount is
  '次月净消费 / Net spend of the month after
What they spent in the month after, less what they returned in it.';
