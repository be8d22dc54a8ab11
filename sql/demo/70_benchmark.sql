-- Three made-up competitors and ourselves, looked at a few times in the demo's months, each time by somebody and from somewhere.
insert into app.competitors (name, name_en, website, note, active)
values
  ('清禾生活', 'Qinghe', 'https://club.qinghe.example', '同价位，会员约为我们的三倍；主打付费会员', true),
  ('松间集', 'Pinehouse', 'https://www.pinehouse.example/vip', '门店多，服务口碑好；线上会员体系起步晚', true),
  ('遇见茶社', 'Teameet', 'https://teameet.example', '社群做得最活跃，老客带新客比例高', true),
  ('百味铺子', 'Baiwei Pantry', 'https://baiwei.example', '已转向批发，不再做会员', false)
on conflict (name) do nothing;

create temp table observed on commit drop as
select
  row_number() over (order by listed.days_ago desc, listed.place) as place,
  competitors.id as competitor_id,
  benchmark_dimensions.id as dimension_id,
  current_setting('seed.as_of_on')::date - listed.days_ago as observed_on,
  listed.score,
  listed.finding,
  listed.source,
  users.id as user_id,
  users.name as actor
from (
  values
    (1, null, 'tiers', 400, 3.0, '四级，只看年消费；没有保级提醒，降级后客户才知道', '会员规则页', 'operator'),
    (2, null, 'points', 400, 3.0, '每元 1 分，100 分抵 1 元，满一年过期', '会员规则页', 'operator'),
    (3, null, 'interaction', 400, 2.0, '只有签到，没有任务和社群', '产品清单', 'operator'),
    (4, null, 'service', 400, 3.5, '7 天无理由退换，客服平均 5 分钟内回应', '客服月报', 'operator'),
    (5, null, 'tiers', 180, 4.0, '改用成长值，加了逐级降级和保级进度', '会员规则页改版', 'analyst'),
    (6, null, 'interaction', 150, 3.5, '上线阶梯任务和社群日历', '任务上线公告', 'operator'),
    (7, null, 'points', 60, 3.5, '到期前 30 天提醒，可申请延期', '积分规则页', 'analyst'),
    (11, '清禾生活', 'tiers', 390, 4.0, '付费会员 199 元/年，另有三级消费等级，待遇差距明显', 'https://club.qinghe.example/rules', 'analyst'),
    (12, '清禾生活', 'points', 390, 4.5, '积分当钱花，80 分抵 1 元，可与券同用', 'https://club.qinghe.example/points', 'analyst'),
    (13, '清禾生活', 'interaction', 390, 3.0, '每月一次会员日，其余只有签到', '注册体验', 'analyst'),
    (14, '清禾生活', 'service', 390, 3.0, '付费会员有专属客服，普通会员要排队', '致电两次', 'analyst'),
    (15, '清禾生活', 'points', 210, 3.5, '兑换率降到 100 分抵 1 元，引起不少抱怨', 'https://club.qinghe.example/notice/0312', 'operator'),
    (16, '清禾生活', 'tiers', 90, 4.5, '付费会员可带一位家人共享待遇', 'https://club.qinghe.example/family', 'analyst'),
    (17, '清禾生活', 'service', 45, 3.5, '客服延长到 22 点', '致电', 'analyst'),
    (21, '松间集', 'tiers', 380, 2.5, '只有金卡、黑卡两级，门槛不公开', '门店走访', 'operator'),
    (22, '松间集', 'points', 380, 2.5, '积分只能在门店兑礼品，选择少', '门店走访', 'operator'),
    (23, '松间集', 'service', 380, 4.5, '店员能叫出熟客名字，破损当场换新', '门店走访三家', 'operator'),
    (24, '松间集', 'interaction', 200, 2.0, '公众号每周一篇，没有互动', '关注三个月', 'analyst'),
    (25, '松间集', 'points', 75, 3.0, '小程序上线，积分可线上兑券', '小程序体验', 'operator'),
    (26, '松间集', 'service', 30, 4.5, '服务不变，新增上门取退', '客户访谈 6 人', 'manager'),
    (31, '遇见茶社', 'tiers', 360, 3.0, '等级按活跃天数而不是消费，新客升得快', '注册体验', 'analyst'),
    (32, '遇见茶社', 'points', 360, 3.0, '分享、晒单、评价都给分，兑换品以茶样为主', 'https://teameet.example/points', 'analyst'),
    (33, '遇见茶社', 'interaction', 360, 4.5, '每城一群，每周线上品茶，有排行榜', '入群观察四周', 'analyst'),
    (34, '遇见茶社', 'service', 250, 2.5, '售后只能在群里找管理员', '退货一次', 'operator'),
    (35, '遇见茶社', 'interaction', 50, 5.0, '开放会员自己组织茶会，平台给场地', '参加一场茶会', 'manager'),
    (41, '百味铺子', 'points', 395, 2.0, '积分一年清零，几乎无人使用', '注册体验', 'operator')
) as listed (place, competitor, dimension, days_ago, score, finding, source, person)
inner join app.benchmark_dimensions
  on benchmark_dimensions.code = listed.dimension
left join app.users
  on users.email = listed.person || '@evergreen.example'
left join app.competitors
  on competitors.name = listed.competitor
where listed.competitor is null
  or competitors.id is not null;

insert into app.benchmark_observations (party, competitor_id, dimension_id, observed_on, score, finding, source, created_at, updated_at)
select
  case when observed.competitor_id is null then 'ourselves' else 'competitor' end,
  observed.competitor_id,
  observed.dimension_id,
  observed.observed_on,
  observed.score,
  observed.finding,
  observed.source,
  observed.observed_on + interval '10 hours',
  observed.observed_on + interval '10 hours'
from observed
order by observed.place
on conflict do nothing;

insert into app.audit_entries (at, user_id, actor, resource, record_id, action, after)
select
  benchmark_observations.created_at,
  observed.user_id,
  observed.actor,
  'benchmark_observations',
  benchmark_observations.id,
  'create',
  jsonb_build_object(
    'party', benchmark_observations.party,
    'competitor_id', benchmark_observations.competitor_id,
    'dimension_id', benchmark_observations.dimension_id,
    'observed_on', benchmark_observations.observed_on,
    'score', benchmark_observations.score::text,
    'finding', benchmark_observations.finding,
    'source', benchmark_observations.source
  )
from app.benchmark_observations
inner join observed
  on observed.user_id is not null
  and observed.dimension_id = benchmark_observations.dimension_id
  and observed.competitor_id is not distinct from benchmark_observations.competitor_id
  and observed.observed_on = benchmark_observations.observed_on
order by observed.place;
