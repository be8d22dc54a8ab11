-- What can go wrong, and what is done then.
insert into app.risk_playbooks (
  code, name, name_en, category, severity, status, scenario,
  trigger_kind, metric, comparison, threshold, lasting, lasting_unit,
  response_within, response_unit, owner_role, coupon_template_id, compensation, compensation_limit,
  message_channels, message, escalate_after, escalate_unit, escalate_to, escalation, drill_months
)
select
  playbooks.code, playbooks.name, playbooks.name_en, playbooks.category, playbooks.severity, 'active', playbooks.scenario,
  case when playbooks.metric is null then 'manual' else 'metric' end,
  playbooks.metric, playbooks.comparison, playbooks.threshold, playbooks.lasting, playbooks.lasting_unit,
  playbooks.response_within, playbooks.response_unit, playbooks.owner_role,
  coupon_templates.id, playbooks.compensation, playbooks.compensation_limit,
  playbooks.message_channels::text[], playbooks.message,
  playbooks.escalate_after, playbooks.escalate_unit, playbooks.escalate_to, playbooks.escalation, playbooks.drill_months
from (
  values
    (
      'stock_shortage', '库存短缺', 'Stock shortage', 'supply', 'high',
      '热销商品或兑换礼品的库存不足以支撑活动。改为预售，并补偿已下单的客户。',
      'stock_cover_days', 'lt', 3, 30, 'minutes', 4, 'hours', 'operations',
      'compensation_30', '受影响订单每单一张补偿券', 20000,
      '{in_site,sms}', '您选购的商品暂时缺货，已为您转为预售并优先发货，同时送上一张补偿券，感谢您的等候。',
      8, 'hours', 'management', '决定是否停止相关推广', 6
    ),
    (
      'system_failure', '系统故障', 'System failure', 'system', 'critical',
      '下单、积分或领券等服务不可用，或错误率异常升高。',
      'error_rate', 'gt', 5, 5, 'minutes', 30, 'minutes', 'technology',
      'compensation_30', '受影响客户每人一张补偿券，积分按原应得补发', 30000,
      '{in_site,push}', '系统正在恢复，您的订单与积分不会丢失；受影响的权益我们会自动补发。',
      2, 'hours', 'management', '启动备用方案，统一对外答复', 3
    ),
    (
      'public_opinion', '舆情危机', 'Public-opinion crisis', 'reputation', 'critical',
      '活动规则、产品质量或服务在社交媒体引发集中负面评论。2 小时内作出回应并公布解决方案。',
      'negative_mentions', 'gte', 50, 30, 'minutes', 2, 'hours', 'public_relations',
      'compensation_30', '按公布的解决方案补偿受影响客户', 50000,
      '{public_statement,community,in_site}',
      '我们已注意到大家反映的问题，正在核实。解决方案会在 2 小时内公布，给您带来的不便深表歉意。',
      2, 'hours', 'management', '由管理层对外说明，必要时暂停相关活动', 6
    ),
    (
      'poor_referral', '推荐质量低', 'Poor referral quality', 'referral', 'medium',
      '被推荐的新客中无效客户占比过高。12 小时内电话回访核实，无效的推荐作废。',
      'invalid_referral_rate', 'gt', 20, 1, 'days', 12, 'hours', 'customer_service',
      null, null, null,
      '{}', null,
      24, 'hours', 'operations', '收紧推荐规则，暂停异常推荐人的奖励', 12
    ),
    (
      'low_participation', '参与度低', 'Low participation', 'participation', 'medium',
      '活动上线后参与人数远低于预期。用稀缺奖励、前 100 名额外奖励和更短的步骤提高参与。',
      'participation_rate', 'lt', 10, 3, 'days', 1, 'days', 'marketing',
      null, '前 100 名参与者额外奖励', 10000,
      '{in_site,push,wecom}', '限量奖励开启：前 100 名完成任务的会员额外获得一份好礼。',
      3, 'days', 'operations', '调整活动机制或提前结束', 12
    ),
    (
      'reward_dispute', '奖励争议', 'Reward dispute', 'reward', 'high',
      '客户对奖励是否应得、何时到账有异议。公开规则依据，72 小时内处理完毕。',
      'reward_disputes', 'gte', 10, 1, 'days', 24, 'hours', 'customer_service',
      'compensation_30', '确属我方失误的，补发奖励并赠补偿券', 10000,
      '{in_site,community}', '奖励规则与发放进度已公示。您的问题会在 72 小时内得到答复与处理。',
      72, 'hours', 'management', '裁定争议并公布结果', 12
    ),
    (
      'fraud', '作弊', 'Fraud', 'fraud', 'high',
      '出现刷单、自推自荐、批量注册或套现等异常行为。',
      'flagged_share', 'gt', 3, 2, 'hours', 1, 'hours', 'operations',
      null, null, null,
      '{}', null,
      24, 'hours', 'legal', '固定证据，追回奖励，必要时报案', 6
    ),
    (
      'data_leak', '数据泄露', 'Data leak', 'data', 'critical',
      '客户个人信息可能被泄露、越权导出或滥用。',
      'exported_personal_records', 'gt', 1000, 0, 'minutes', 1, 'hours', 'technology',
      null, '按法律规定与影响范围确定', null,
      '{sms,email,public_statement}', '我们发现部分信息可能存在风险，已立即处置。请留意可疑联系，如有疑问请致电客服。',
      4, 'hours', 'legal', '评估影响，依法向主管部门和客户报告', 6
    ),
    (
      'competitor_move', '竞品动作', 'Competitor move', 'market', 'medium',
      '竞争对手推出力度更大的会员或促销活动，可能带走客户。',
      null, null, null, 0, 'days', 2, 'days', 'marketing',
      null, null, null,
      '{}', null,
      5, 'days', 'management', '决定是否跟进及预算', 12
    )
) as playbooks (
  code, name, name_en, category, severity, scenario,
  metric, comparison, threshold, lasting, lasting_unit, response_within, response_unit, owner_role,
  coupon_code, compensation, compensation_limit, message_channels, message,
  escalate_after, escalate_unit, escalate_to, escalation, drill_months
)
left join app.coupon_templates
  on coupon_templates.code = playbooks.coupon_code
order by array_position(
  array[
    'stock_shortage', 'system_failure', 'public_opinion', 'poor_referral', 'low_participation', 'reward_dispute', 'fraud',
    'data_leak', 'competitor_move'
  ],
  playbooks.code
)
on conflict (code) do nothing;

insert into app.risk_playbook_steps (playbook_id, position, action, owner_role, due_after, due_unit)
select
  risk_playbooks.id,
  row_number() over (partition by risk_playbooks.id order by steps.number),
  steps.action,
  steps.owner_role,
  steps.due_after,
  steps.due_unit
from (
  values
    ('stock_shortage', 1, '核对实际库存与在途，停止缺货商品的推广', 'operations', 1, 'hours'),
    ('stock_shortage', 2, '商品页改为预售，注明预计发货日', 'operations', 4, 'hours'),
    ('stock_shortage', 3, '通知受影响客户并发放补偿券', 'customer_service', 8, 'hours'),
    ('stock_shortage', 4, '落实补货，逐单跟进发货', 'sales', 3, 'days'),
    ('system_failure', 1, '确认影响范围，切换备用或回退版本', 'technology', 15, 'minutes'),
    ('system_failure', 2, '在站内公告故障与预计恢复时间', 'customer_service', 30, 'minutes'),
    ('system_failure', 3, '恢复服务并核对订单、积分与优惠券', 'technology', 4, 'hours'),
    ('system_failure', 4, '补发受影响的积分与权益，发放补偿券', 'operations', 1, 'days'),
    ('system_failure', 5, '完成复盘，列出改进项', 'technology', 3, 'days'),
    ('public_opinion', 1, '收集舆情并确认事实，指定唯一发言人', 'public_relations', 30, 'minutes'),
    ('public_opinion', 2, '公开回应，说明已在处理', 'public_relations', 1, 'hours'),
    ('public_opinion', 3, '确定并公布解决方案', 'management', 2, 'hours'),
    ('public_opinion', 4, '逐一联系受影响客户，发放补偿', 'customer_service', 1, 'days'),
    ('public_opinion', 5, '跟踪声量，复盘规则与流程', 'operations', 3, 'days'),
    ('poor_referral', 1, '电话回访被推荐客户，核实是否有效', 'customer_service', 12, 'hours'),
    ('poor_referral', 2, '无效的推荐作废，注明原因', 'operations', 24, 'hours'),
    ('poor_referral', 3, '复查推荐来源，收紧异常渠道', 'operations', 3, 'days'),
    ('low_participation', 1, '分析漏斗，找出流失最多的一步', 'operations', 1, 'days'),
    ('low_participation', 2, '推出限量奖励与前 100 名额外奖励', 'marketing', 2, 'days'),
    ('low_participation', 3, '减少参与步骤，重新触达目标客群', 'marketing', 3, 'days'),
    ('reward_dispute', 1, '受理并记录诉求，告知处理时限', 'customer_service', 24, 'hours'),
    ('reward_dispute', 2, '公开规则与判定依据', 'operations', 48, 'hours'),
    ('reward_dispute', 3, '给出结论，补发或说明不予发放的理由', 'customer_service', 72, 'hours'),
    ('fraud', 1, '冻结可疑账号的奖励发放', 'operations', 1, 'hours'),
    ('fraud', 2, '核查设备、地址与支付信息', 'operations', 12, 'hours'),
    ('fraud', 3, '作废违规奖励，更新拦截规则', 'technology', 24, 'hours'),
    ('fraud', 4, '评估损失，决定追回与处理', 'legal', 3, 'days'),
    ('data_leak', 1, '切断泄露途径，保全日志', 'technology', 1, 'hours'),
    ('data_leak', 2, '评估涉及的客户与信息', 'legal', 4, 'hours'),
    ('data_leak', 3, '通知受影响客户，给出防范建议', 'customer_service', 24, 'hours'),
    ('data_leak', 4, '依法报告主管部门', 'legal', 3, 'days'),
    ('data_leak', 5, '整改权限与流程，完成复盘', 'technology', 7, 'days'),
    ('competitor_move', 1, '收集竞品规则，比较力度与成本', 'marketing', 2, 'days'),
    ('competitor_move', 2, '提出应对方案与预算', 'operations', 3, 'days'),
    ('competitor_move', 3, '管理层决定并执行', 'management', 5, 'days')
) as steps (code, number, action, owner_role, due_after, due_unit)
inner join app.risk_playbooks
  on risk_playbooks.code = steps.code
where not exists (
  select
  from app.risk_playbook_steps
  where risk_playbook_steps.playbook_id = risk_playbooks.id
)
order by risk_playbooks.id, steps.number;
