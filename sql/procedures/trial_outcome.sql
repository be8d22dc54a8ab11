create function ops.trial_outcome(trial bigint, book bigint, customers bigint[], since_at timestamptz, until_at timestamptz)
returns jsonb
language sql
stable
begin atomic
  with zone as materialized (
    select settings.time_zone as name
    from app.settings
    limit 1
  ),

  entries as materialized (
    select
      points_entries.customer_id,
      points_entries.occurred_at,
      points_entries.account,
      case when points_entries.kind = 'earn' then points_entries.points else 0 end as issued,
      case when points_entries.kind = 'reverse' then points_entries.points else 0 end as reversed,
      case points_entries.to_state when 'spent' then points_entries.points else 0 end
      - case points_entries.from_state when 'spent' then points_entries.points else 0 end as spent,
      case when points_entries.kind = 'expire' then points_entries.points else 0 end as expired
    from app.points_entries
    where points_entries.customer_id = any (trial_outcome.customers)
      and points_entries.book_id = trial_outcome.book
      and points_entries.occurred_at >= trial_outcome.since_at
      and points_entries.occurred_at < trial_outcome.until_at
  ),

  placed as (
    select
      entries.*,
      date_trunc('month', entries.occurred_at at time zone (select zone.name from zone))::date as month_on,
      coalesce(stay.tier_id, 0) as tier_id,
      trial_customers.segment_code
    from entries
    inner join app.trial_customers
      on trial_customers.trial_id = trial_outcome.trial
      and trial_customers.customer_id = entries.customer_id
    left join lateral (
      -- The tier that the fact met: one that it brought about comes after it.
      select tier_stays.tier_id
      from app.tier_stays
      where tier_stays.customer_id = entries.customer_id
        and tier_stays.book_id = trial_outcome.book
        and tier_stays.entered_at <= entries.occurred_at
      order by tier_stays.entered_at < entries.occurred_at desc, tier_stays.entered_at desc, tier_stays.id desc
      limit 1
    ) as stay
      on true
  ),

  figures as (
    select
      placed.month_on,
      placed.tier_id,
      placed.segment_code,
      coalesce(sum(placed.issued) filter (where placed.account = 'points'), 0) as issued,
      coalesce(sum(placed.reversed) filter (where placed.account = 'points'), 0) as reversed,
      coalesce(sum(placed.spent) filter (where placed.account = 'points'), 0) as spent,
      coalesce(sum(placed.expired) filter (where placed.account = 'points'), 0) as expired,
      coalesce(sum(placed.issued - placed.reversed) filter (where placed.account = 'growth'), 0) as growth
    from placed
    group by placed.month_on, placed.tier_id, placed.segment_code
  ),

  sums as (
    select
      entries.customer_id,
      coalesce(sum(entries.issued - entries.reversed) filter (where entries.account = 'points'), 0) as points,
      coalesce(sum(entries.issued - entries.reversed) filter (where entries.account = 'growth'), 0) as growth
    from entries
    group by entries.customer_id
  ),

  people as (
    select
      chosen.id as customer_id,
      coalesce(sums.points, 0) as points,
      coalesce(sums.growth, 0) as growth,
      tier_states.tier_id
    from unnest(trial_outcome.customers) as chosen (id)
    left join sums
      on sums.customer_id = chosen.id
    left join app.tier_states
      on tier_states.customer_id = chosen.id
      and tier_states.book_id = trial_outcome.book
  )

  select jsonb_build_object(
    'figures', (select coalesce(jsonb_agg(to_jsonb(figures)), '[]') from figures),
    'customers', (select coalesce(jsonb_agg(to_jsonb(people)), '[]') from people)
  );
end;

comment on function ops.trial_outcome(bigint, bigint, bigint[], timestamptz, timestamptz) is
  'What came about in one book between two moments: movements of points by month, tier and segment, and for each customer what they kept
of what they earned, and their tier at the end.';
