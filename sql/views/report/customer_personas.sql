create view report.customer_personas as

with people as (
  select
    customers.id,
    case
      when customers.birth_on is null then 'unknown'
      when age.years < 18 then 'under_18'
      when age.years < 25 then '18_24'
      when age.years < 35 then '25_34'
      when age.years < 45 then '35_44'
      when age.years < 55 then '45_54'
      else '55_over'
    end as age_band,
    coalesce(customers.gender, 'unknown') as gender,
    case
      when place.city is null then 'unknown'
      when place.city in ('北京', '上海', '广州', '深圳') then 'first'
      when place.city in (
        '成都', '杭州', '重庆', '苏州', '武汉', '西安', '南京', '长沙', '天津', '郑州', '东莞', '无锡', '宁波', '青岛', '合肥'
      ) then 'new_first'
      else 'other'
    end as city_tier,
    customers.channel as enrolment_channel,
    customer_rfm.order_count,
    customer_rfm.net_amount
  from app.customers
  cross join base.programme
  cross join lateral (
    select extract(year from age(programme.today_on, customers.birth_on)) as years
  ) as age
  -- A municipality is its own city.
  cross join lateral (
    select rtrim(coalesce(nullif(btrim(customers.city), ''), nullif(btrim(customers.province), '')), '市') as city
  ) as place
  left join app.customer_rfm
    on customer_rfm.customer_id = customers.id
  where customers.status in ('active', 'blocked')
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
  count(*) as customer_count,
  count(people.order_count) as buyer_count,
  coalesce(sum(people.order_count), 0)::bigint as order_count,
  coalesce(sum(people.net_amount), 0) as net_amount
from people
group by grouping sets (
  (people.age_band, people.gender), (people.age_band), (people.gender), (people.city_tier), (people.enrolment_channel)
)
having count(*) >= 5;

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
