-- People who never lived: common names in random pairs, numbers that no operator gives out (the fourth to seventh digit are 0).
-- A third were customers before the fourteen months began; the others came during them.
create temp table seed_customers on commit drop as
with base as (
  select coalesce(max(customers.id), 0) as last_id
  from app.customers
),

drawn as (
  select
    base.last_id + numbers.n as id,
    pg_temp.draw(base.last_id + numbers.n, 101) as start_draw,
    pg_temp.draw(base.last_id + numbers.n, 102) as stay_draw,
    pg_temp.draw(base.last_id + numbers.n, 103) as weight_draw,
    pg_temp.draw(base.last_id + numbers.n, 104) as weight_draw_2,
    pg_temp.draw(base.last_id + numbers.n, 105) as persona_draw,
    pg_temp.draw(base.last_id + numbers.n, 106) < 0.64 as female
  from base
  cross join generate_series(1, current_setting('seed.customers')::bigint) as numbers (n)
),

lives as (
  select
    drawn.id,
    drawn.female,
    drawn.persona_draw,
    case
      when drawn.start_draw < 0.34 then -1 - floor(700 * drawn.start_draw / 0.34)::integer
      else floor(425 * power((drawn.start_draw - 0.34) / 0.66, 0.85))::integer
    end as first_day,
    -- Half stay to the end; the others stop after a while.
    case when drawn.stay_draw < 0.5 then 1 else drawn.stay_draw - 0.25 end as stay,
    -- How often they buy is lognormal (Box-Muller); one in nine never does.
    case
      when drawn.weight_draw_2 < 0.11 then 0
      else exp(1.3 * sqrt(-2 * ln(1 - drawn.weight_draw)) * cos(2 * pi() * drawn.weight_draw_2))
    end as frequency
  from drawn
)

select
  lives.id,
  lives.female,
  lives.first_day,
  greatest(lives.first_day, 0) as from_day,
  greatest(lives.first_day, 0)
    + floor((424 - greatest(lives.first_day, 0)) * lives.stay)::integer as until_day,
  -- A newcomer buys less often than those who have stayed for years.
  lives.frequency * case when lives.first_day >= 0 then 0.3 else 1 end as frequency,
  case
    when lives.female and lives.persona_draw < 0.24 then 'mother'
    when lives.persona_draw < 0.55 then 'office'
    when lives.persona_draw < 0.7 then 'home'
    else 'none'
  end as persona
from lives;

insert into app.customers (
  id, external_id, name, phone, email, birth_on, gender, education, province, city, occupation, channel,
  enrolled_at, enrolled_on, consent_sms, consent_email, consent_push, consent_wecom, consent_profiling, tags, status
)
select
  seed_customers.id,
  'C' || lpad(seed_customers.id::text, 7, '0'),
  pg_temp.pick(
    array['王','李','张','刘','陈','杨','黄','赵','吴','周','徐','孙','马','朱','胡','郭','何','林','高','罗','郑','梁','谢','宋',
      '唐','许','韩','冯','邓','曹','彭','曾','肖','田','董','潘','袁','蔡','蒋','余','于','杜','叶','程','魏','苏','吕','丁'],
    pg_temp.draw(seed_customers.id, 111)
  )
  || case
    when seed_customers.female then pg_temp.pick(
      array['雨桐','欣怡','梓涵','诗琪','佳怡','思颖','静','敏','丽娜','婷婷','晓燕','雪梅','慧','若曦','语嫣','嘉宁','安琪','芷若',
        '舒窈','可馨','怡然','琳','梦瑶','海燕','桂英','玉兰','文静','晓彤','清妍','书瑶'],
      pg_temp.draw(seed_customers.id, 112))
    else pg_temp.pick(
      array['浩然','子轩','宇航','志强','建国','伟','磊','俊杰','明轩','思远','天佑','博文','嘉豪','文博','晨','鹏飞','海涛','立新',
        '家辉','俊熙','铭泽','泽宇','国栋','振华','一鸣'],
      pg_temp.draw(seed_customers.id, 113))
  end,
  pg_temp.pick(
    array['138','139','150','151','158','159','177','186','187','188','189','199'],
    pg_temp.draw(seed_customers.id, 114)
  ) || '0' || lpad(mod(seed_customers.id, 10000000)::text, 7, '0'),
  case
    when pg_temp.draw(seed_customers.id, 115) < 0.6 then 'user' || lpad(seed_customers.id::text, 7, '0') || '@mail.example'
  end,
  current_setting('seed.as_of_on')::date - 6600 - floor(14000 * power(pg_temp.draw(seed_customers.id, 116), 1.4))::integer,
  case
    when pg_temp.draw(seed_customers.id, 117) > 0.97 then null
    when seed_customers.female then 'female'
    else 'male'
  end,
  case
    when pg_temp.draw(seed_customers.id, 118) < 0.7 then pg_temp.pick(
      array['junior_high','senior_high','college','college','bachelor','bachelor','bachelor','master','doctor'],
      pg_temp.draw(seed_customers.id, 119))
  end,
  split_part(places.place, ' ', 1),
  split_part(places.place, ' ', 2),
  case seed_customers.persona
    when 'office' then pg_temp.pick(
      array['产品经理','程序员','会计','行政','设计师','销售','人力资源','律师'], pg_temp.draw(seed_customers.id, 120))
    when 'mother' then pg_temp.pick(
      array['全职妈妈','教师','护士','会计','自由职业'], pg_temp.draw(seed_customers.id, 120))
    else pg_temp.pick(
      array['个体经营','教师','医生','公务员','厨师','工程师','自由职业'], pg_temp.draw(seed_customers.id, 120))
  end,
  pg_temp.pick(
    array['online','online','online','online','online','online','store','store','store','wecom','wecom','referral'],
    pg_temp.draw(seed_customers.id, 121)),
  (current_setting('seed.as_of_on')::date - 425 + seed_customers.first_day
    + make_interval(secs => 32000 + floor(40000 * pg_temp.draw(seed_customers.id, 122)))) at time zone settings.time_zone,
  current_setting('seed.as_of_on')::date - 425 + seed_customers.first_day,
  pg_temp.draw(seed_customers.id, 123) < 0.72,
  pg_temp.draw(seed_customers.id, 124) < 0.41,
  pg_temp.draw(seed_customers.id, 125) < 0.58,
  pg_temp.draw(seed_customers.id, 126) < 0.47,
  pg_temp.draw(seed_customers.id, 127) < 0.66,
  case seed_customers.persona
    when 'mother' then array['宝妈']
    when 'office' then array['职场']
    when 'home' then array['家居控']
    else '{}'::text[]
  end
  || case when pg_temp.draw(seed_customers.id, 128) < 0.06 then array['高价值潜客'] else '{}'::text[] end
  || case when pg_temp.draw(seed_customers.id, 129) < 0.08 then array['价格敏感'] else '{}'::text[] end,
  case when pg_temp.draw(seed_customers.id, 130) < 0.004 then 'blocked' else 'active' end
from seed_customers
cross join app.settings
cross join lateral (
  select pg_temp.pick(
    array['上海 上海','上海 上海','上海 上海','北京 北京','北京 北京','广东 广州','广东 广州','广东 深圳','广东 深圳','广东 东莞','广东 佛山',
      '浙江 杭州','浙江 杭州','浙江 宁波','浙江 温州','江苏 南京','江苏 苏州','江苏 苏州','江苏 无锡','四川 成都','四川 成都','四川 绵阳',
      '湖北 武汉','湖北 宜昌','湖南 长沙','福建 厦门','福建 福州','山东 青岛','山东 济南','河南 郑州','陕西 西安','重庆 重庆','重庆 重庆',
      '天津 天津','安徽 合肥','辽宁 沈阳','辽宁 大连','云南 昆明','广西 南宁','江西 南昌','河北 石家庄','黑龙江 哈尔滨'],
    pg_temp.draw(seed_customers.id, 131)) as place
) as places;

select setval('app.customers_id_seq', max(customers.id))
from app.customers;
