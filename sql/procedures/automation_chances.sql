create function ops.automation_chances(settings jsonb, as_of date, months integer)
returns table (customer_id bigint, on_day date)
language sql
stable
begin atomic
  with asked as materialized (
    select
      given.*,
      (date_trunc('month', automation_chances.as_of::timestamp) - make_interval(months => automation_chances.months - 1))::date as since,
      zone.time_zone as zone
    from jsonb_to_record(automation_chances.settings) as given (
      id bigint, trigger text, trigger_segments bigint[], trigger_fact text, days_before integer, repeat_from date, repeat text,
      repeat_interval integer, repeat_weekdays text[], tiers bigint[], segments bigint[]
    )
    cross join app.settings as zone
  ),

  -- Which dates of birth a day is for: where a year has no 29 February it is the 28th.
  celebrated as (
    select
      days.day::date as on_day,
      extract(month from days.day) as month,
      extract(day from days.day) as day
    from asked
    cross join generate_series(asked.since::timestamp, automation_chances.as_of::timestamp + interval '60 days', interval '1 day') as days (day)

    union all

    select
      days.day::date,
      2,
      29
    from asked
    cross join generate_series(asked.since::timestamp, automation_chances.as_of::timestamp + interval '60 days', interval '1 day') as days (day)
    where extract(month from days.day) = 2
      and extract(day from days.day) = 28
      and extract(day from days.day + interval '1 day') = 1
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
      days.on_day - coalesce(asked.days_before, 0)
    from asked
    cross join celebrated as days
    inner join app.customers
      on extract(month from case asked.trigger when 'birthday' then customers.birth_on else customers.enrolled_on end) = days.month
      and extract(day from case asked.trigger when 'birthday' then customers.birth_on else customers.enrolled_on end) = days.day
      and (asked.trigger = 'birthday' or customers.enrolled_on < days.on_day - coalesce(asked.days_before, 0) - 300)
    where asked.trigger in ('birthday', 'anniversary')

    union all

    select
      customers.id,
      times.starts_on
    from asked
    cross join lateral ops.occurrences(
      asked.repeat_from, asked.repeat_from, asked.repeat, asked.repeat_interval, coalesce(asked.repeat_weekdays, '{}'), null, asked.since,
      automation_chances.as_of
    ) as times
    inner join app.customers
      on customers.id <> 0
      and customers.enrolled_on <= times.starts_on
    where asked.trigger = 'calendar'
  )

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
  where happened.on_day between asked.since and automation_chances.as_of
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
    );
end;

comment on function ops.automation_chances(jsonb, date, integer) is
  'When whom an automation with these settings would have been begun for in the last months, were it not for who may enter again: by what is known of segments, facts and tiers then. One row per customer and day.';
