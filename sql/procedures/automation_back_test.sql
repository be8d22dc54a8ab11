-- Whoever could enter again enters at the first time that the policy allows, as they would have day by day.
create function ops.automation_back_test(settings jsonb, as_of date, months integer)
returns table (month date, entered bigint, held_out bigint)
language sql
stable
begin atomic
  with recursive asked as materialized (
    select
      given.*,
      (date_trunc('month', automation_back_test.as_of::timestamp) - make_interval(months => automation_back_test.months - 1))::date as since,
      case given.reentry when 'once' then 100000 when 'after_days' then coalesce(given.reentry_days, 1) else 0 end as pause,
      zone.time_zone as zone
    from jsonb_to_record(automation_back_test.settings) as given (
      id bigint, trigger text, trigger_segments bigint[], trigger_fact text, days_before integer, repeat_from date, repeat text,
      repeat_interval integer, repeat_weekdays text[], tiers bigint[], segments bigint[], reentry text, reentry_days integer,
      holdout_rate numeric, campaign_id bigint
    )
    cross join app.settings as zone
  ),

  happened as (
    select
      stays.customer_id,
      case asked.trigger when 'segment_leave' then stays.left_on else stays.entered_on end as on_day
    from asked
    inner join base.segments
      on segments.id = any (asked.trigger_segments)
    inner join app.segment_memberships as stays
      on stays.rule_set_id = segments.rule_set_id
      and stays.segment_code = segments.segment_code
    where asked.trigger in ('segment_enter', 'segment_leave')

    union all

    select
      orders.customer_id,
      orders.placed_on
    from asked
    inner join app.orders
      on orders.placed_on >= asked.since
      and orders.status in ('paid', 'completed')
    where asked.trigger = 'fact'
      and asked.trigger_fact = 'order'

    union all

    select
      customer_start.customer_id,
      customer_start.first_order_on
    from asked
    inner join app.customer_start
      on customer_start.first_order_on >= asked.since
    where asked.trigger = 'fact'
      and asked.trigger_fact = 'first_order'

    union all

    select
      returns.customer_id,
      returns.returned_on
    from asked
    inner join app.returns
      on returns.returned_on >= asked.since
    where asked.trigger = 'fact'
      and asked.trigger_fact = 'return'

    union all

    select
      events.customer_id,
      events.occurred_on
    from asked
    inner join app.events
      on events.occurred_on >= asked.since
      and events.kind = asked.trigger_fact
    where asked.trigger = 'fact'
      and asked.trigger_fact in ('check_in', 'share', 'review', 'task_action')

    union all

    select
      customers.id,
      customers.enrolled_on
    from asked
    inner join app.customers
      on customers.enrolled_on >= asked.since
    where asked.trigger = 'fact'
      and asked.trigger_fact = 'sign_up'

    union all

    select
      customers.id,
      days.day::date - coalesce(asked.days_before, 0)
    from asked
    cross join generate_series(asked.since::timestamp, automation_back_test.as_of::timestamp + interval '60 days', interval '1 day') as days (day)
    inner join app.customers
      on extract(month from case asked.trigger when 'birthday' then customers.birth_on else customers.enrolled_on end) = extract(month from days.day)
      and extract(day from case asked.trigger when 'birthday' then customers.birth_on else customers.enrolled_on end) = extract(day from days.day)
      and (asked.trigger = 'birthday' or customers.enrolled_on < days.day::date - 300)
    where asked.trigger in ('birthday', 'anniversary')

    union all

    select
      customers.id,
      times.starts_on
    from asked
    cross join lateral ops.occurrences(
      asked.repeat_from, asked.repeat_from, asked.repeat, asked.repeat_interval, coalesce(asked.repeat_weekdays, '{}'), null, asked.since,
      automation_back_test.as_of
    ) as times
    inner join app.customers
      on customers.id <> 0
      and customers.enrolled_on <= times.starts_on
    where asked.trigger = 'calendar'
  ),

  allowed as materialized (
    select distinct
      happened.customer_id,
      happened.on_day
    from happened
    cross join asked
    inner join app.customers
      on customers.id = happened.customer_id
      and customers.status = 'active'
      and customers.id <> 0
      and customers.enrolled_on <= happened.on_day
    where happened.on_day between asked.since and automation_back_test.as_of
      and (
        coalesce(cardinality(asked.tiers), 0) = 0
        or exists (
          select
          from app.tier_stays
          where tier_stays.book_id = 0
            and tier_stays.customer_id = happened.customer_id
            and tier_stays.tier_id = any (asked.tiers)
            and tier_stays.entered_at <= happened.on_day::timestamp at time zone asked.zone
            and (tier_stays.left_at is null or tier_stays.left_at > happened.on_day::timestamp at time zone asked.zone)
        )
      )
      and (
        coalesce(cardinality(asked.segments), 0) = 0
        or exists (
          select
          from app.segment_memberships
          inner join base.segments
            on segments.rule_set_id = segment_memberships.rule_set_id
            and segments.segment_code = segment_memberships.segment_code
          where segment_memberships.customer_id = happened.customer_id
            and segments.id = any (asked.segments)
            and segment_memberships.entered_on <= happened.on_day
            and (segment_memberships.left_on is null or segment_memberships.left_on > happened.on_day)
        )
      )
  ),

  entries as (
    select
      allowed.customer_id,
      min(allowed.on_day) as on_day
    from allowed
    group by allowed.customer_id
    union all
    select
      entries.customer_id,
      next_times.on_day
    from entries
    cross join asked
    cross join lateral (
      select allowed.on_day
      from allowed
      where allowed.customer_id = entries.customer_id
        and allowed.on_day > entries.on_day
        and allowed.on_day >= entries.on_day + asked.pause
      order by allowed.on_day
      limit 1
    ) as next_times
  )

  select
    date_trunc('month', entries.on_day::timestamp)::date,
    count(*) filter (where not drawn.out),
    count(*) filter (where drawn.out)
  from entries
  cross join asked
  cross join lateral (
    select
      coalesce(asked.holdout_rate, 0) > 0
      and ops.campaign_draw(coalesce(asked.campaign_id, -asked.id, 0), entries.customer_id) < asked.holdout_rate as out
  ) as drawn
  group by 1;
end;

comment on function ops.automation_back_test(jsonb, date, integer) is
  'How many customers would have entered an automation with these settings in each of the last months, and how many of a share held out; by what is known of segments, facts and tiers then. Its further condition is not asked.';
