-- Everything here is asked of facts as they stand; whoever was in a tier or segment at the time was, whenever it is asked.
create function ops.task_starts(customers bigint[], at timestamptz)
returns table (
  customer_id bigint,
  task_id bigint,
  version_id bigint,
  occurrence text,
  trigger_kind text,
  trigger_id bigint,
  started_at timestamptz,
  until_at timestamptz,
  asked_on date
)
language plpgsql
stable
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  zone constant text := (select settings.time_zone from app.settings);
  today constant date := (task_starts.at at time zone zone)::date;
begin
  return query
  with versions as materialized (
    select
      task_versions.*,
      coalesce(task_versions.effective_until_at, 'infinity') as over_at,
      -- Local times: a period begins at a midnight of the programme.
      case task_versions.repeat_period when 'day' then interval '1 day' when 'week' then interval '7 days'
        when 'month' then interval '1 month' when 'quarter' then interval '3 months' when 'year' then interval '1 year' end as period,
      array(
        select
          case
            when step.goal in ('orders', 'spend') then 'order'
            when step.goal = 'reviews' then 'review'
            when step.goal = 'actions' then 'task_action'
            when step.goal in ('shares_sold', 'friends') then step.goal
            else step.event_kind
          end
        from jsonb_to_recordset(task_versions.steps) as step (goal text, event_kind text)
      ) as counts
    from base.task_versions
    where task_versions.status = 'active'
      and task_versions.effective_from_at <= task_starts.at
  ),

  chosen_segments as materialized (
    select
      versions.version_id,
      versions.trigger_segments <> '{}' and segments.id = any (versions.trigger_segments) as triggers,
      segments.id = any (versions.segments) as admits,
      segments.rule_set_id,
      segments.segment_code
    from versions
    inner join base.segments
      on segments.id = any (versions.trigger_segments || versions.segments)
  ),

  people as materialized (
    select
      customers.id,
      customers.external_id,
      customers.enrolled_at
    from app.customers
    where customers.id = any (task_starts.customers)
      and customers.status in ('active', 'blocked')
      and customers.enrolled_at <= task_starts.at
  ),

  -- What set it off, wherever that is one moment of a customer's life.
  moments as materialized (
    select
      people.id as customer_id,
      versions.version_id,
      found.trigger_kind,
      found.trigger_id,
      found.at
    from people
    cross join versions
    cross join lateral (
      select
        'enrolment' as trigger_kind,
        people.id as trigger_id,
        people.enrolled_at as at
      where versions.trigger = 'enrolment'

      union all

      select
        'always',
        null,
        greatest(people.enrolled_at, versions.effective_from_at, versions.starts_at, joined.at)
      from (
        -- Who is admitted by tier or segment begins on coming into it.
        select min(entered.at) as at
        from (
          select tier_stays.entered_at as at
          from app.tier_stays
          where versions.tiers <> '{}'
            and tier_stays.book_id = 0
            and tier_stays.customer_id = people.id
            and tier_stays.tier_id = any (versions.tiers)
            and (tier_stays.left_at is null or tier_stays.left_at > greatest(versions.effective_from_at, versions.starts_at))
          union all
          select segment_memberships.entered_on::timestamp at time zone zone
          from app.segment_memberships
          inner join chosen_segments
            on chosen_segments.version_id = versions.version_id
            and chosen_segments.admits
            and chosen_segments.rule_set_id = segment_memberships.rule_set_id
            and chosen_segments.segment_code = segment_memberships.segment_code
          where segment_memberships.customer_id = people.id
            and (
              segment_memberships.left_on is null
              or segment_memberships.left_on::timestamp at time zone zone > greatest(versions.effective_from_at, versions.starts_at)
            )
        ) as entered
      ) as joined
      where versions.trigger = 'always'

      union all

      select *
      from (
        select
          'first_order',
          orders.id,
          coalesce(orders.paid_at, orders.placed_at)
        from app.orders
        where versions.trigger = 'first_order'
          and orders.customer_id = people.id
          and orders.status in ('paid', 'completed')
          and (not versions.take_back or orders.returned_amount < orders.amount or orders.amount = 0)
        order by coalesce(orders.paid_at, orders.placed_at), orders.source collate "C", orders.external_id collate "C", orders.id
        limit 1
      ) as first_orders

      union all

      select
        'segment_entry',
        null,
        entered.on_day::timestamp at time zone zone
      from (
        select segment_memberships.entered_on as on_day
        from app.segment_memberships
        inner join chosen_segments
          on chosen_segments.version_id = versions.version_id
          and chosen_segments.triggers
          and chosen_segments.rule_set_id = segment_memberships.rule_set_id
          and chosen_segments.segment_code = segment_memberships.segment_code
        where versions.trigger = 'segment_entry'
          and segment_memberships.customer_id = people.id
      ) as entered

      union all

      select
        events.kind,
        events.id,
        events.occurred_at
      from app.events
      where versions.trigger = 'event'
        and events.customer_id = people.id
        and events.kind = versions.trigger_event
        and (events.kind <> 'task_action' or events.task_code = versions.code)
    ) as found
    where found.at <= task_starts.at
  ),

  -- Periods in which somebody did something that counts, and the present one.
  days as materialized (
    select distinct
      facts.customer_id,
      facts.kind,
      facts.on_day
    from (
      select
        orders.customer_id,
        'order' as kind,
        (coalesce(orders.paid_at, orders.placed_at) at time zone zone)::date as on_day
      from app.orders
      where orders.customer_id = any (task_starts.customers)
      union all
      select
        events.customer_id,
        events.kind,
        events.occurred_on
      from app.events
      where events.customer_id = any (task_starts.customers)
        and events.kind in ('check_in', 'share', 'review', 'task_action')
      union all
      select
        share_sales.customer_id,
        'shares_sold',
        (coalesce(orders.paid_at, orders.placed_at) at time zone zone)::date
      from app.share_sales
      inner join app.orders
        on orders.customer_id = share_sales.buyer_id
        and orders.id = share_sales.order_id
      where share_sales.customer_id = any (task_starts.customers)
      union all
      select
        people.id,
        'friends',
        (friends.at at time zone zone)::date
      from people
      cross join lateral ops.invited_friends(people.id) as friends
      union all
      select
        people.id,
        null,
        today
      from people
    ) as facts
    where facts.on_day <= today
      and exists (select from versions where versions.repeats = 'period')
  ),

  periods as (
    select distinct
      moments.customer_id,
      moments.version_id,
      moments.trigger_kind,
      moments.trigger_id,
      moments.at,
      date_trunc(versions.repeat_period, days.on_day::timestamp)::date as first_on
    from versions
    inner join moments
      on moments.version_id = versions.version_id
    inner join days
      on days.customer_id = moments.customer_id
      and (days.kind is null or days.kind = any (versions.counts))
    where versions.repeats = 'period'
  ),

  occurrences as (
    select
      moments.*,
      'once' as occurrence,
      moments.at as begins_at,
      null::timestamptz as ends_at
    from moments
    inner join versions
      on versions.version_id = moments.version_id
    where versions.repeats = 'once'

    union all

    select
      periods.customer_id,
      periods.version_id,
      periods.trigger_kind,
      periods.trigger_id,
      periods.at,
      periods.first_on::text,
      greatest(
        periods.at,
        periods.first_on::timestamp at time zone zone,
        case when versions.trigger <> 'event' then versions.effective_from_at end,
        case when versions.trigger <> 'event' then versions.starts_at end
      ),
      (periods.first_on + versions.period)::timestamp at time zone zone
    from periods
    inner join versions
      on versions.version_id = periods.version_id
    where periods.at < (periods.first_on + versions.period)::timestamp at time zone zone
      -- Each event belongs to its own period.
      and (versions.trigger <> 'event' or periods.at >= periods.first_on::timestamp at time zone zone)
  )

  -- The first in time; by the version that held then.
  select distinct on (occurrences.customer_id, versions.task_id, occurrences.occurrence)
    occurrences.customer_id,
    versions.task_id,
    versions.version_id,
    occurrences.occurrence,
    occurrences.trigger_kind,
    occurrences.trigger_id,
    occurrences.begins_at,
    least(occurrences.begins_at + make_interval(hours => versions.limit_hours), occurrences.ends_at, versions.ends_at),
    case when versions.trigger = 'always' then today else (occurrences.begins_at at time zone zone)::date end
  from occurrences
  inner join versions
    on versions.version_id = occurrences.version_id
  where occurrences.begins_at >= versions.effective_from_at
    and occurrences.begins_at < versions.over_at
    and occurrences.begins_at <= task_starts.at
    and (versions.starts_at is null or occurrences.begins_at >= versions.starts_at)
    and (versions.ends_at is null or occurrences.begins_at < versions.ends_at)
    and (
      (versions.tiers = '{}' and versions.segments = '{}')
      or exists (
        select
        from app.tier_stays
        where tier_stays.book_id = 0
          and tier_stays.customer_id = occurrences.customer_id
          and tier_stays.tier_id = any (versions.tiers)
          and tier_stays.entered_at <= occurrences.begins_at
          and (tier_stays.left_at is null or tier_stays.left_at > occurrences.begins_at)
      )
      or exists (
        select
        from app.segment_memberships
        inner join chosen_segments
          on chosen_segments.version_id = versions.version_id
          and chosen_segments.admits
          and chosen_segments.rule_set_id = segment_memberships.rule_set_id
          and chosen_segments.segment_code = segment_memberships.segment_code
        where segment_memberships.customer_id = occurrences.customer_id
          and segment_memberships.entered_on <= (occurrences.begins_at at time zone zone)::date
          and (
            segment_memberships.left_on is null
            or segment_memberships.left_on > (occurrences.begins_at at time zone zone)::date
          )
      )
    )
  order by occurrences.customer_id, versions.task_id, occurrences.occurrence, occurrences.begins_at, occurrences.trigger_id;
end;
$$;

comment on function ops.task_starts(bigint[], timestamptz) is
  'Which tasks the customers have begun by a moment, when, set off by what, and until when facts count: by the version that held when
they began. What further conditions say is not asked here; asked_on is the day as of which they are.';
