-- By what is on record, so that a fact that is told late finds what it would have found on time.
create function ops.campaign_counts(of_campaign_id bigint, at timestamptz, on_day date)
returns boolean
language sql
stable
begin atomic
  select exists (
    select
    from app.campaigns
    where campaigns.id = of_campaign_id
      and campaigns.status in ('approved', 'running', 'stopped', 'ended', 'reviewed')
      and (campaigns.approved_at is null or campaigns.approved_at <= at)
      and (campaigns.ended_at is null or campaigns.ended_at > at)
      and not exists (
        select
        from app.campaign_stops
        where campaign_stops.campaign_id = campaigns.id
          and campaign_stops.stopped_at <= at
          and (campaign_stops.resumed_at is null or campaign_stops.resumed_at > at)
      )
      and (
        (campaigns.started_at <= at and on_day < campaigns.starts_on)
        or exists (
          select
          from ops.occurrences(
            campaigns.starts_on, campaigns.ends_on, campaigns.repeat, campaigns.repeat_interval, campaigns.repeat_weekdays,
            campaigns.repeat_until, on_day, on_day
          )
        )
      )
  );
end;

comment on function ops.campaign_counts(bigint, timestamptz, date) is
  'Whether a campaign was under way at a moment (on_day: its day in programme time): approved, on one of its days or
started before the first, neither ended before its last day nor stopped.';
