create function ops.approve_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  campaign app.campaigns;
  clash record;
  today_on constant date := (select programme.today_on from base.programme);
begin
  -- Two campaigns that exclude each other must not be approved side by side.
  perform pg_advisory_xact_lock(hashtextextended('evergreen campaigns', 0));
  campaign := ops.move_campaign(record_id, array['review'], 'approved');

  if campaign.submitted_by = approve_campaign.user_id then
    raise exception '提交人不能审批自己的活动 | Whoever submitted a campaign cannot approve it'
      using errcode = 'EG403', hint = '请由另一位同事审批 | Ask a colleague';
  end if;

  select
    beside.name,
    beside.name_en,
    beside.from_on,
    beside.to_on
  into clash
  from ops.campaign_overlaps(to_jsonb(campaign), today_on, today_on + 365) as beside
  where beside.clashes
    and beside.status in ('approved', 'running')
  order by beside.from_on, beside.campaign_id
  limit 1;

  if found and not coalesce((input ->> 'accept_conflicts')::boolean, false) then
    raise exception '与“%”在 % 至 % 冲突（互斥） | It excludes “%”, which takes place from % to %',
      clash.name, clash.from_on, clash.to_on, clash.name_en, clash.from_on, clash.to_on
      using errcode = 'EG409', column = 'accept_conflicts', hint = '调整时间，或勾选“仍然批准”并说明理由 | Move it, or approve it anyway and say why';
  end if;

  if found and coalesce(btrim(input ->> 'reason'), '') = '' then
    raise exception '请说明为什么仍然批准 | Say why it is approved anyway'
      using errcode = 'EG422', column = 'reason';
  end if;

  update app.campaigns
  set
    approved_by = approve_campaign.user_id,
    approved_at = now()
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('已批准，开始日当天自动进入进行中', 'Approved; it begins to run by itself on its first day'));
end;
$$;

comment on function ops.approve_campaign(bigint, bigint, jsonb) is
  'Approves a campaign in review: never by whoever submitted it, and not beside one that it excludes unless that is accepted with a reason.';
