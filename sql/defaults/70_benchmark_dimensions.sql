-- What programmes are compared in until staff say otherwise.
insert into app.benchmark_dimensions (position, code, name, name_en, description, weight)
values
  (
    10, 'tiers', '等级体系', 'Tiers',
    '分几级、门槛高低、升降级是否清楚，各级待遇拉开多大差距', 30
  ),
  (
    20, 'points', '积分', 'Points',
    '怎么得、值多少钱、多久过期，兑换是否方便', 30
  ),
  (
    30, 'interaction', '互动', 'Interaction',
    '签到、任务、社群与活动的花样和频次，客户是否愿意参与', 20
  ),
  (
    40, 'service', '服务', 'Service',
    '客服响应、退换与售后、会员专属服务的体验', 20
  )
on conflict (code) do nothing;
