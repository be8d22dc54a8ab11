-- How many messages a customer in several audiences would get in the days up to each time of the campaign.
create function ops.campaign_contacts(campaign jsonb, window_from date, window_to date, within_days integer)
returns table (starts_on date, messages bigint)
language sql
stable
begin atomic
  with own_times as (
    select
      times.starts_on,
      coalesce((campaign ->> 'contacts')::integer, 0) as contacts
    from ops.occurrences(
      (campaign ->> 'starts_on')::date,
      (campaign ->> 'ends_on')::date,
      campaign ->> 'repeat',
      (campaign ->> 'repeat_interval')::integer,
      array(select jsonb_array_elements_text(coalesce(campaign -> 'repeat_weekdays', '[]'))),
      (campaign ->> 'repeat_until')::date,
      window_from - within_days,
      window_to
    ) as times
  ),

  -- Whoever may be in both audiences, whether the days of the two overlap or only follow closely.
  near as (
    select beside.campaign_id
    from ops.campaign_overlaps(
      campaign || jsonb_build_object('starts_on', window_from - within_days, 'ends_on', window_to, 'repeat', null),
      window_from - within_days,
      window_to
    ) as beside
  ),

  all_times as (
    select
      own_times.starts_on,
      own_times.contacts
    from own_times

    union all

    select
      times.starts_on,
      campaigns.contacts
    from near
    inner join app.campaigns
      on campaigns.id = near.campaign_id
    cross join lateral ops.occurrences(
      campaigns.starts_on, campaigns.ends_on, campaigns.repeat, campaigns.repeat_interval, campaigns.repeat_weekdays,
      campaigns.repeat_until, window_from - within_days, window_to
    ) as times
  )

  select
    own_times.starts_on,
    sum(all_times.contacts)
  from own_times
  inner join all_times
    on all_times.starts_on > own_times.starts_on - within_days
    and all_times.starts_on <= own_times.starts_on
  where own_times.starts_on >= window_from
  group by own_times.starts_on
  order by own_times.starts_on;
end;

comment on function ops.campaign_contacts(jsonb, date, date, integer) is
  'For each time of the campaign in the window: the messages that a customer in every overlapping audience gets in the days up to and including its first day, this campaign''s among them.';
