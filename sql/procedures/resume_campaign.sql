create function ops.resume_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  lacking record;
begin
  perform ops.move_campaign(record_id, array['stopped'], 'running');

  select
    lines.name,
    lines.name_en
  into lacking
  from app.campaign_stops
  inner join base.budget_lines as lines
    on lines.id in (campaign_stops.segment_line_id, campaign_stops.kind_line_id)
  where campaign_stops.campaign_id = record_id
    and campaign_stops.resumed_at is null
    and lines.stops
    and (lines.room_amount <= 0 or lines.budget_status <> 'active')
  order by lines.id
  limit 1;

  if found then
    raise exception '预算项目“%”仍没有余额 | The line “%” of its budget still has no room', lacking.name, lacking.name_en
      using errcode = 'EG409', hint = '请先在预算中调拨 | Move money to it first';
  end if;

  update app.campaign_stops
  set
    resumed_at = now(),
    resumed_by = resume_campaign.user_id
  where campaign_stops.campaign_id = record_id
    and campaign_stops.resumed_at is null;

  return jsonb_build_object('message', jsonb_build_array('活动已恢复', 'The campaign goes on'));
end;
$$;

comment on function ops.resume_campaign(bigint, bigint, jsonb) is
  'A campaign that its budget stopped goes on, once the lines that were asked have room again.';
