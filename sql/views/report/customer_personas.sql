create view report.customer_personas as

-- A row per customer is only counted by what it has; what that means is worked out once for all who have the same.
with bounds as (
  select array_agg((programme.today_on - make_interval(years => ages.years))::date order by ages.years desc) as born_on
  from base.programme
  cross join (values (18), (25), (35), (45), (55)) as ages (years)
  group by programme.today_on
),

alike as (
  select
    -- Whoever was born on a bound has reached that age.
    width_bucket(customers.birth_on - 1, bounds.born_on) as born_after,
    customers.gender,
    customers.city,
    customers.province,
    customers.channel,
    count(*) as customer_count,
    count(customer_rfm.order_count) as buyer_count,
    sum(customer_rfm.order_count) as order_count,
    sum(customer_rfm.net_amount) as net_amount
  from app.customers
  cross join bounds
  left join app.customer_rfm
    on customer_rfm.customer_id = customers.id
  where customers.status in ('active', 'blocked')
  group by 1, 2, 3, 4, 5
),

people as (
  select
    coalesce(
      (array['55_over', '45_54', '35_44', '25_34', '18_24', 'under_18'])[alike.born_after + 1],
      'unknown'
    ) as age_band,
    coalesce(alike.gender, 'unknown') as gender,
    case
      when place.city is null then 'unknown'
      when place.city in ('北京', '上海', '广州', '深圳') then 'first'
      when place.city in (
        '成都', '杭州', '重庆', '苏州', '武汉', '西安', '南京', '长沙', '天津', '郑州', '东莞', '无锡', '宁波', '青岛', '合肥'
      ) then 'new_first'
      else 'other'
    end as city_tier,
    alike.channel as enrolment_channel,
    alike.customer_count,
    alike.buyer_count,
    alike.order_count,
    alike.net_amount
  from alike
  -- A municipality is its own city.
  cross join lateral (
    select rtrim(coalesce(nullif(btrim(alike.city), ''), nullif(btrim(alike.province), '')), '市') as city
  ) as place
)

select
  case
    when grouping(people.age_band, people.gender) = 0 then 'age_gender'
    when grouping(people.age_band) = 0 then 'age'
    when grouping(people.gender) = 0 then 'gender'
    when grouping(people.city_tier) = 0 then 'city_tier'
    else 'channel'
  end as trait,
  case
    when grouping(people.age_band) = 0 then people.age_band
    when grouping(people.gender) = 0 then people.gender
    when grouping(people.city_tier) = 0 then people.city_tier
    else people.enrolment_channel
  end as code,
  case when grouping(people.age_band, people.gender) = 0 then people.gender end as other_code,
  sum(people.customer_count)::bigint as customer_count,
  sum(people.buyer_count)::bigint as buyer_count,
  coalesce(sum(people.order_count), 0)::bigint as order_count,
  coalesce(sum(people.net_amount), 0) as net_amount
from people
group by grouping sets (
  (people.age_band, people.gender), (people.age_band), (people.gender), (people.city_tier), (people.enrolment_channel)
)
having sum(people.customer_count) >= 5;

comment on view report.customer_personas is
  '客户画像 / Personas
One row per trait and value of it that five customers or more share; fewer are not shown. Reads all customers once.';

comment on column report.customer_personas.trait is
  '维度 / Trait
age, gender, city_tier, channel (how they enrolled), or age_gender: both.';
comment on column report.customer_personas.code is
  '取值 / Value
under_18, 18_24, … 55_over; female, male, other; first, new_first, other; online, store, wecom, referral, import; or unknown.';
comment on column report.customer_personas.other_code is
  '第二取值 / Second value
Of age_gender: the gender.';
comment on column report.customer_personas.customer_count is
  '客户数 / Customers
Customers of that value.';
comment on column report.customer_personas.buyer_count is
  '下单客户数 / With an order
Of these, with an order as of the latest scoring day.';
comment on column report.customer_personas.order_count is
  '累计订单数 / Orders
Their orders to date.';
comment on column report.customer_personas.net_amount is
  '累计净消费 / Net spend
Their order value less returns, to date.';
