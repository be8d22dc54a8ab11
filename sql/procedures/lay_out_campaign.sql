-- The default plan: 7 days of preparation and 7 of warm-up before the first day, the run, 5 days to look back.
create function ops.lay_out_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  campaign app.campaigns;
  run_until date;
begin
  select campaigns.*
  into campaign
  from app.campaigns
  where campaigns.id = record_id
  for update;

  if exists (select from app.campaign_stages where campaign_stages.campaign_id = record_id) then
    raise exception '已有阶段安排 | It has a plan already'
      using errcode = 'EG409', hint = '请先在编辑页删除原有安排 | Delete the plan it has first';
  end if;

  run_until := coalesce(campaign.ends_on, campaign.starts_on + 29);

  insert into app.campaign_stages (campaign_id, position, stage, starts_on, ends_on, tasks, owner_team)
  values
    (record_id, 1, 'preparation', campaign.starts_on - 14, campaign.starts_on - 8, '确定目标与预算；配置优惠与页面；准备素材', 'operations'),
    (record_id, 2, 'warm_up', campaign.starts_on - 7, campaign.starts_on - 1, '预告与种子用户招募；测试触达链路', 'marketing'),
    (record_id, 3, 'run', campaign.starts_on, run_until, '每日查看健康度；处理反馈与异常', 'operations'),
    (record_id, 4, 'retrospective', run_until + 1, run_until + 5, '数据复盘；整理改进事项', 'management');

  update app.campaigns
  set
    version = campaigns.version + 1,
    updated_at = now()
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('已生成四个阶段，可在编辑页调整', 'Four stages were laid out; adjust them in the form'));
end;
$$;

comment on function ops.lay_out_campaign(bigint, bigint, jsonb) is
  'Gives a campaign without a plan the default stages around its first time: preparation 7 d, warm-up 7 d, the run (30 d where no end is said), retrospective 5 d.';
