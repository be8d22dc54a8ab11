-- every: 5 0 * * *
create function ops.advance_campaigns(as_of date)
returns bigint
language sql
volatile
begin atomic
  with begun as (
    update app.campaigns
    set
      status = 'running',
      version = campaigns.version + 1,
      updated_at = now()
    where campaigns.status = 'approved'
      and campaigns.starts_on <= as_of
    returning campaigns.id
  ),

  over as (
    update app.campaigns
    set
      status = 'ended',
      stopped_at = null,
      stopped_reason = null,
      version = campaigns.version + 1,
      updated_at = now()
    where campaigns.status in ('running', 'stopped')
      and not exists (
        select
        from ops.occurrences(
          campaigns.starts_on, campaigns.ends_on, campaigns.repeat, campaigns.repeat_interval, campaigns.repeat_weekdays,
          campaigns.repeat_until, as_of, as_of + 3700
        )
      )
    returning campaigns.id
  ),

  noted as (
    insert into app.audit_entries (actor, resource, record_id, action, before, after, reason)
    select 'system', 'campaigns', begun.id, 'action', '{"status": "approved"}'::jsonb, '{"status": "running"}'::jsonb, 'advance_campaigns'
    from begun

    union all

    select 'system', 'campaigns', over.id, 'action', '{"status": "running"}'::jsonb, '{"status": "ended"}'::jsonb, 'advance_campaigns'
    from over
  )

  select (select count(*) from begun) + (select count(*) from over);
end;

comment on function ops.advance_campaigns(date) is
  'Approved campaigns begin to run on their first day; running and stopped ones end when no time of theirs is left. Returns how many moved.';
