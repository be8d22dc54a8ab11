create function ops.submit_campaign(record_id bigint, user_id bigint, input jsonb)
returns jsonb
language plpgsql
volatile
as $$
declare
  campaign app.campaigns := ops.move_campaign(record_id, array['draft'], 'review');
  today_on constant date := (select programme.today_on from base.programme);
begin
  if campaign.starts_on < today_on and not exists (
    select
    from ops.occurrences(
      campaign.starts_on, campaign.ends_on, campaign.repeat, campaign.repeat_interval, campaign.repeat_weekdays,
      campaign.repeat_until, today_on, today_on + 1100
    )
  ) then
    raise exception '活动时间已过 | All of its days are past' using errcode = 'EG422', column = 'starts_on';
  end if;

  if campaign.contacts > 0 and campaign.channels = '{}' then
    raise exception '请选择触达渠道，或把每次触达条数设为 0 | Choose its channels, or let it send no messages'
      using errcode = 'EG422', column = 'channels';
  end if;

  update app.campaigns
  set submitted_by = submit_campaign.user_id
  where campaigns.id = record_id;

  return jsonb_build_object('message', jsonb_build_array('已提交审批', 'Submitted for approval'));
end;
$$;

comment on function ops.submit_campaign(bigint, bigint, jsonb) is
  'A draft goes to review, once it has days to come and channels for its messages.';
