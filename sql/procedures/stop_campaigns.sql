create function ops.stop_campaigns(refusals jsonb)
returns void
language sql
volatile
begin atomic
  with stopped as (
    update app.campaigns
    set
      status = 'stopped',
      stopped_at = now(),
      stopped_reason = 'budget_exhausted',
      version = campaigns.version + 1,
      updated_at = now()
    from (
      select distinct on (drawing.id)
        drawing.id,
        refused.segment_line_id,
        refused.kind_line_id
      from jsonb_to_recordset(refusals) as refused (
        budget_id bigint, campaign_id bigint, segment_line_id bigint, kind_line_id bigint
      )
      inner join app.budgets
        on budgets.id = refused.budget_id
      inner join app.campaigns as drawing
        on drawing.budget_id = refused.budget_id
        and (drawing.id = refused.campaign_id or budgets.kind = 'campaign')
      order by drawing.id, refused.segment_line_id, refused.kind_line_id
    ) as missed
    where campaigns.id = missed.id
      and campaigns.status = 'running'
    returning campaigns.id, missed.segment_line_id, missed.kind_line_id
  ),

  kept as (
    insert into app.campaign_stops (campaign_id, reason, segment_line_id, kind_line_id)
    select
      stopped.id,
      'budget_exhausted',
      stopped.segment_line_id,
      stopped.kind_line_id
    from stopped
  )

  insert into app.audit_entries (actor, resource, record_id, action, before, after, reason)
  select
    'system',
    'campaigns',
    stopped.id,
    'action',
    '{"status": "running"}'::jsonb,
    '{"status": "stopped"}'::jsonb,
    'budget_exhausted'
  from stopped;
end;

comment on function ops.stop_campaigns(jsonb) is
  'Stops running campaigns whose budget had no room for what was asked of it: that of the rule which asked (campaign_id), and all that
draw on a budget made for campaigns. refusals: [{budget_id, campaign_id, segment_line_id, kind_line_id}].';
