-- Campaigns that take place on the same days as this one, and may reach the same customers.
create function ops.campaign_overlaps(campaign jsonb, window_from date, window_to date)
returns table (
  campaign_id bigint,
  name text,
  name_en text,
  status text,
  from_on date,
  to_on date,
  times bigint,
  clashes boolean
)
language sql
stable
begin atomic
  with asked as (
    select
      (campaign ->> 'id')::bigint as id,
      coalesce((campaign ->> 'exclusive')::boolean, false) as exclusive,
      array(select jsonb_array_elements_text(coalesce(campaign -> 'segments', '[]')))::bigint[] as segments,
      array(select jsonb_array_elements_text(coalesce(campaign -> 'tiers', '[]')))::bigint[] as tiers
  ),

  own_times as (
    select
      times.starts_on,
      times.ends_on
    from ops.occurrences(
      (campaign ->> 'starts_on')::date,
      (campaign ->> 'ends_on')::date,
      campaign ->> 'repeat',
      (campaign ->> 'repeat_interval')::integer,
      array(select jsonb_array_elements_text(coalesce(campaign -> 'repeat_weekdays', '[]'))),
      (campaign ->> 'repeat_until')::date,
      window_from,
      window_to
    ) as times
  ),

  -- Segments of one rule set share nobody; of different sets they may.
  others as (
    select
      campaigns.id,
      campaigns.name,
      campaigns.name_en,
      campaigns.status,
      campaigns.starts_on,
      campaigns.ends_on,
      campaigns.repeat,
      campaigns.repeat_interval,
      campaigns.repeat_weekdays,
      campaigns.repeat_until,
      campaigns.exclusive or asked.exclusive as clashes
    from app.campaigns
    cross join asked
    where campaigns.id is distinct from asked.id
      and campaigns.id is distinct from (campaign ->> 'parent_id')::bigint
      and (asked.id is null or campaigns.parent_id is distinct from asked.id)
      and campaigns.status in ('review', 'approved', 'running', 'stopped')
      and (cardinality(campaigns.tiers) = 0 or cardinality(asked.tiers) = 0 or campaigns.tiers && asked.tiers)
      and (
        cardinality(campaigns.segments) = 0
        or cardinality(asked.segments) = 0
        or campaigns.segments && asked.segments
        or exists (
          select
          from base.segments as theirs
          inner join base.segments as ours
            on ours.rule_set_id <> theirs.rule_set_id
          where theirs.id = any (campaigns.segments)
            and ours.id = any (asked.segments)
        )
      )
  )

  select
    others.id,
    others.name,
    others.name_en,
    others.status,
    (array_agg(greatest(times.starts_on, own_times.starts_on) order by times.starts_on, own_times.starts_on))[1],
    (array_agg(least(times.ends_on, own_times.ends_on) order by times.starts_on, own_times.starts_on))[1],
    count(*),
    others.clashes
  from others
  cross join lateral ops.occurrences(
    others.starts_on, others.ends_on, others.repeat, others.repeat_interval, others.repeat_weekdays, others.repeat_until,
    window_from, window_to
  ) as times
  inner join own_times
    on own_times.starts_on <= times.ends_on
    and own_times.ends_on >= times.starts_on
  group by others.id, others.name, others.name_en, others.status, others.clashes;
end;

comment on function ops.campaign_overlaps(jsonb, date, date) is
  'Campaigns in review, approved or running with a time in common with the given one (a record, saved or not) within the window, for customers who may be the same: the first common days, how many common times, and whether one of the two excludes others. A theme and what belongs to it do not count.';
