-- What the engine does with a backlog, by hand and in one statement: the default programme written into the query, refunds as
-- they stand, points that have expired by now, tiers by the spend of 365 days. No caps, no debts, no validity of tiers, no
-- reasons but the rule, and nothing that could go on from here.
with rules as (
  select
    earn_rules.id,
    earn_rules.code,
    earn_rules.account,
    programme_versions.id as version_id
  from app.earn_rules
  inner join app.programme_versions
    on programme_versions.resource = 'earn_rules'
    and programme_versions.record_id = earn_rules.id
    and programme_versions.effective_from_at < now() - interval '1 day'
),

bought as (
  select
    orders.customer_id,
    'order' as fact_kind,
    orders.id as fact_id,
    coalesce(orders.paid_at, orders.placed_at) as occurred_at,
    orders.source || ' ' || orders.external_id as origin_key,
    orders.amount,
    least(coalesce(refunds.amount, 0), orders.amount) as refunded,
    extract(month from customers.birth_on) = extract(month from coalesce(orders.paid_at, orders.placed_at) at time zone settings.time_zone) as birthday,
    settings.time_zone,
    sum(orders.amount) over (
      partition by orders.customer_id
      order by coalesce(orders.paid_at, orders.placed_at)
      range between interval '365 days' preceding and current row
    ) as spent,
    row_number() over (
      partition by orders.customer_id
      order by coalesce(orders.paid_at, orders.placed_at) desc, orders.id desc
    ) = 1 as latest
  from app.inbox
  inner join app.orders
    on orders.customer_id = inbox.customer_id
    and orders.id = inbox.fact_id
  inner join app.customers
    on customers.id = inbox.customer_id
  left join (
    select
      returns.customer_id,
      returns.order_id,
      sum(returns.amount) as amount
    from app.returns
    group by returns.customer_id, returns.order_id
  ) as refunds
    on refunds.customer_id = orders.customer_id
    and refunds.order_id = orders.id
  cross join app.settings
  where inbox.fact_kind = 'order'
),

levelled as materialized (
  select
    bought.*,
    (
      select tiers.id
      from app.tiers
      where tiers.basis = 'spend'
        and tiers.enter_at <= bought.spent - bought.amount
      order by tiers.rank desc
      limit 1
    ) as tier_before_id,
    (
      select tiers.id
      from app.tiers
      where tiers.basis = 'spend'
        and tiers.enter_at <= bought.spent
      order by tiers.rank desc
      limit 1
    ) as tier_after_id
  from bought
),

given as materialized (
  select
    levelled.customer_id,
    levelled.fact_kind,
    levelled.fact_id,
    levelled.occurred_at,
    (levelled.occurred_at at time zone levelled.time_zone)::date as occurred_on,
    levelled.origin_key,
    levelled.amount,
    rules.id as rule_id,
    rules.account,
    rules.version_id,
    levelled.birthday,
    tiers.id as tier_id,
    factors.factor,
    levelled.amount * factors.factor as raw_points,
    floor(levelled.amount * factors.factor)::bigint as points,
    floor(levelled.amount * factors.factor)::bigint
    - floor((levelled.amount - levelled.refunded) * factors.factor)::bigint as reversed,
    rules.account = 'points' and levelled.occurred_at < current_setting('bench.until')::timestamptz - interval '1 year' as lapsed
  from levelled
  inner join app.tiers
    on tiers.id = levelled.tier_before_id
  inner join rules
    on rules.code in ('purchase', 'growth_spend')
  cross join lateral (
    select
      case rules.account
        when 'growth' then tiers.growth_multiplier
        else tiers.point_multiplier + case when levelled.birthday then 1 else 0 end
      end as factor
  ) as factors
  union all
  select
    customers.id,
    'sign_up',
    customers.id,
    customers.enrolled_at,
    customers.enrolled_on,
    ' ' || customers.external_id,
    null,
    rules.id,
    rules.account,
    rules.version_id,
    false,
    null,
    1,
    100,
    100,
    0,
    customers.enrolled_at < current_setting('bench.until')::timestamptz - interval '1 year'
  from app.inbox
  inner join app.customers
    on customers.id = inbox.customer_id
  inner join rules
    on rules.code = 'welcome'
  cross join app.settings
  where inbox.fact_kind = 'sign_up'
    and customers.enrolled_at >= settings.started_on::timestamp at time zone settings.time_zone
),

lots as (
  insert into app.points_lots (
    customer_id, origin_kind, origin_id, rule_id, account, rule_version_id, earned_at, earned_on, available_at, expires_at,
    origin_key, basis_amount, raw_points, issued, available, expired, reversed
  )
  select
    given.customer_id,
    given.fact_kind,
    given.fact_id,
    given.rule_id,
    given.account,
    given.version_id,
    given.occurred_at,
    given.occurred_on,
    given.occurred_at,
    case when given.account = 'points' then ((given.occurred_on + interval '1 year')::date + 1)::timestamp at time zone settings.time_zone end,
    given.origin_key,
    given.amount,
    given.raw_points,
    given.points,
    case when given.lapsed then 0 else given.points - given.reversed end,
    case when given.lapsed then given.points - given.reversed else 0 end,
    given.reversed
  from given
  cross join app.settings
  where given.points > 0
),

entries as (
  insert into app.points_entries (
    customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
  )
  select
    given.customer_id,
    moves.kind,
    given.fact_kind,
    given.fact_id,
    given.rule_id,
    given.account,
    moves.from_state,
    moves.to_state,
    moves.points,
    given.fact_kind,
    given.fact_id,
    given.occurred_at
  from given
  cross join lateral (
    values
      ('earn', 'issued', 'available', given.points),
      ('reverse', 'available', 'reversed', given.reversed),
      ('expire', 'available', 'expired', case when given.lapsed then given.points - given.reversed end)
  ) as moves (kind, from_state, to_state, points)
  where moves.points > 0
),

decisions as (
  insert into app.decisions (customer_id, fact_kind, fact_id, occurred_at, rule_id, rule_version_id, outcome, points, detail)
  select
    given.customer_id,
    given.fact_kind,
    given.fact_id,
    given.occurred_at,
    given.rule_id,
    given.version_id,
    case given.points when 0 then 'below_one' else 'granted' end,
    given.points,
    jsonb_build_object('basis_amount', given.amount::text, 'raw_points', given.raw_points::text, 'tier_id', given.tier_id, 'tier_factor', given.factor::text)
  from given
),

accounts as (
  insert into app.points_accounts (customer_id, available, expired, reversed, growth, last_at, due_at)
  select
    given.customer_id,
    coalesce(sum(given.points - given.reversed) filter (where given.account = 'points' and not given.lapsed), 0),
    coalesce(sum(given.points - given.reversed) filter (where given.lapsed), 0),
    coalesce(sum(given.reversed) filter (where given.account = 'points'), 0),
    coalesce(sum(given.points - given.reversed) filter (where given.account = 'growth'), 0),
    max(given.occurred_at),
    min(given.occurred_at) filter (where given.account = 'points' and not given.lapsed) + interval '1 year'
  from given
  group by given.customer_id
),

stays as (
  insert into app.tier_stays (customer_id, tier_id, entered_at, reason, fact_kind, fact_id)
  select
    levelled.customer_id,
    levelled.tier_after_id,
    levelled.occurred_at,
    'upgrade',
    levelled.fact_kind,
    levelled.fact_id
  from levelled
  where levelled.tier_after_id <> levelled.tier_before_id
),

changes as (
  insert into app.tier_changes (customer_id, from_tier_id, to_tier_id, changed_at, reason, fact_kind, fact_id)
  select
    levelled.customer_id,
    levelled.tier_before_id,
    levelled.tier_after_id,
    levelled.occurred_at,
    'upgrade',
    levelled.fact_kind,
    levelled.fact_id
  from levelled
  where levelled.tier_after_id <> levelled.tier_before_id
),

states as (
  insert into app.tier_states (customer_id, tier_id, entered_at, valid_until_at, reviewed_at, due_at)
  select
    levelled.customer_id,
    levelled.tier_after_id,
    levelled.occurred_at,
    levelled.occurred_at + interval '1 year',
    levelled.occurred_at,
    levelled.occurred_at + interval '1 year'
  from levelled
  where levelled.latest
)

delete from app.inbox;
