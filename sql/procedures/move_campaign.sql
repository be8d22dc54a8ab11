-- One step in the life of a campaign, for the routines behind its actions.
create function ops.move_campaign(campaign_id bigint, from_statuses text[], to_status text)
returns app.campaigns
language plpgsql
volatile
as $$
declare
  campaign app.campaigns;
begin
  select campaigns.*
  into campaign
  from app.campaigns
  where campaigns.id = campaign_id
  for update;

  if not found then
    raise exception '没有这个活动 | There is no such campaign' using errcode = 'EG404';
  end if;

  if campaign.status <> all (from_statuses) then
    raise exception '活动当前的状态不允许这一步 | The campaign as it stands does not allow this step'
      using errcode = 'EG409', column = 'status';
  end if;

  update app.campaigns
  set
    status = to_status,
    stopped_at = null,
    stopped_reason = null,
    version = campaigns.version + 1,
    updated_at = now()
  where campaigns.id = campaign_id
  returning campaigns.* into campaign;

  return campaign;
end;
$$;

comment on function ops.move_campaign(bigint, text[], text) is
  'Locks a campaign and gives it its next status, refusing any step but from the statuses named.';
