-- every: 5 * * * *
-- label: 外部标签同步 | Tags kept by others
-- after: segment_snapshot
-- What they should have against what they were told: late facts, merges and changed mappings need nothing of their own.
create function ops.tell_tags(as_of date)
returns bigint
language plpgsql
volatile
set plan_cache_mode = force_custom_plan
as $$
declare
  told bigint;
begin
  if not exists (select from app.webhook_endpoints where webhook_endpoints.topics @> array['tags.changed']) then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('ops.tell_tags', 0));

  with holders as (
    select
      tier_states.customer_id,
      outside_tags.tag
    from app.outside_tags
    inner join app.tier_states
      on tier_states.book_id = 0
      and tier_states.tier_id = outside_tags.tier_id

    union

    select
      segment_memberships.customer_id,
      outside_tags.tag
    from app.outside_tags
    inner join base.segments
      on segments.id = outside_tags.segment_id
    inner join app.segment_memberships
      on segment_memberships.rule_set_id = segments.rule_set_id
      and segment_memberships.segment_code = segments.segment_code
      and segment_memberships.entered_on <= as_of
      and (segment_memberships.left_on is null or segment_memberships.left_on > as_of)

    union

    select
      customer_titles.customer_id,
      outside_tags.tag
    from app.outside_tags
    inner join app.customer_titles
      on customer_titles.title_id = outside_tags.title_id
      and customer_titles.revoked_at is null
      and (customer_titles.until_at is null or customer_titles.until_at > now())

    union

    select
      people.customer_id,
      outside_tags.tag
    from app.outside_tags
    inner join (
      select
        friends.id as friend_id,
        referrers.id as referrer_id
      from app.customers as friends
      inner join app.customers as referrers
        on referrers.external_id = friends.referrer_code
        and referrers.id <> friends.id
      where friends.referrer_code is not null
    ) as pairs
      on outside_tags.kind in ('referrer', 'referred')
    cross join lateral (
      values ('referrer', pairs.referrer_id), ('referred', pairs.friend_id)
    ) as people (kind, customer_id)
    where people.kind = outside_tags.kind
  ),

  wanted as materialized (
    select
      endpoints.id as endpoint_id,
      holders.customer_id,
      holders.tag
    from holders
    inner join app.customers
      on customers.id = holders.customer_id
      and customers.id <> 0
      and customers.status in ('active', 'blocked')
    cross join (
      select webhook_endpoints.id
      from app.webhook_endpoints
      where webhook_endpoints.topics @> array['tags.changed']
    ) as endpoints
  ),

  added as materialized (
    select
      wanted.endpoint_id,
      wanted.customer_id,
      wanted.tag
    from wanted
    where not exists (
      select
      from app.outside_tag_states
      where outside_tag_states.customer_id = wanted.customer_id
        and outside_tag_states.endpoint_id = wanted.endpoint_id
        and outside_tag_states.tag = wanted.tag
    )
  ),

  removed as (
    delete from app.outside_tag_states
    using app.webhook_endpoints
    where webhook_endpoints.id = outside_tag_states.endpoint_id
      and webhook_endpoints.topics @> array['tags.changed']
      and not exists (
        select
        from wanted
        where wanted.customer_id = outside_tag_states.customer_id
          and wanted.endpoint_id = outside_tag_states.endpoint_id
          and wanted.tag = outside_tag_states.tag
      )
    returning outside_tag_states.endpoint_id, outside_tag_states.customer_id, outside_tag_states.tag
  ),

  kept as (
    insert into app.outside_tag_states (customer_id, endpoint_id, tag, told_at)
    select
      added.customer_id,
      added.endpoint_id,
      added.tag,
      now()
    from added
  ),

  changes as (
    select
      every.endpoint_id,
      every.customer_id,
      coalesce(jsonb_agg(every.tag order by every.tag) filter (where every.put_on), '[]') as put_on,
      coalesce(jsonb_agg(every.tag order by every.tag) filter (where not every.put_on), '[]') as taken_off
    from (
      select added.endpoint_id, added.customer_id, added.tag, true as put_on from added
      union all
      select removed.endpoint_id, removed.customer_id, removed.tag, false from removed
    ) as every
    group by every.endpoint_id, every.customer_id
  ),

  told_of as (
    insert into app.webhook_deliveries (customer_id, endpoint_id, topic, occurred_at, body)
    select
      changes.customer_id,
      changes.endpoint_id,
      'tags.changed',
      now(),
      jsonb_build_object(
        'customer_external_id', customers.external_id,
        'data', jsonb_build_object('add', changes.put_on, 'remove', changes.taken_off)
      )
    from changes
    inner join app.customers
      on customers.id = changes.customer_id
    order by changes.customer_id, changes.endpoint_id
    returning webhook_deliveries.id
  )

  select count(*) into told from told_of;
  return told;
end;
$$;

comment on function ops.tell_tags(date) is
  'Tells each endpoint that asks for tags.changed which tags to put on and take off customers, so that they have those of app.outside_tags as of now
(segments: of the day). Whoever asks anew is told everything. Returns how many deliveries were queued.';
