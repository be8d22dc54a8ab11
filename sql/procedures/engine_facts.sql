-- The order of facts at one moment: what gives comes before what takes. A cancelled order is no fact: it never happened.
-- "is true" keeps a condition out of an index: of many customers and many ids each would be looked for with each, and what has
-- the ids is found by them, however long the customers' histories are.
create function ops.engine_facts(customers bigint[], ids bigint[] default null)
returns table (
  customer_id bigint,
  fact_kind text,
  fact_id bigint,
  occurred_at timestamptz,
  rank integer,
  source text,
  external_id text,
  order_id bigint,
  redemption_id bigint,
  amount numeric,
  points bigint,
  channel text,
  campaign_code text,
  coupon_code text,
  tier_id bigint,
  until_on date
)
language sql
stable
begin atomic
  select
    customers.id,
    'sign_up',
    customers.id,
    customers.enrolled_at,
    0,
    '',
    '',
    null::bigint,
    null::bigint,
    null::numeric,
    null::bigint,
    customers.channel,
    null::text,
    null::text,
    null::bigint,
    null::date
  from app.customers
  where customers.id = any (engine_facts.customers)
    and customers.merged_into_id is null

  union all

  select
    orders.customer_id,
    'order',
    orders.id,
    coalesce(orders.paid_at, orders.placed_at),
    1,
    orders.source,
    orders.external_id,
    orders.id,
    null,
    orders.amount,
    null,
    orders.channel,
    orders.campaign_code,
    orders.coupon_code,
    null,
    null
  from app.orders
  where (engine_facts.ids is not null or orders.customer_id = any (engine_facts.customers))
    and (
      engine_facts.ids is null
      or (orders.id = any (engine_facts.ids) and (orders.customer_id = any (engine_facts.customers)) is true)
    )
    and orders.status in ('paid', 'completed')

  union all

  select
    events.customer_id,
    events.kind,
    events.id,
    events.occurred_at,
    2,
    events.source,
    events.external_id,
    case when events.kind = 'share' then events.order_id end,
    null,
    null,
    null,
    events.channel,
    events.campaign_code,
    null,
    null,
    null
  from app.events
  where (engine_facts.ids is not null or events.customer_id = any (engine_facts.customers))
    and (
      engine_facts.ids is null
      or (events.id = any (engine_facts.ids) and (events.customer_id = any (engine_facts.customers)) is true)
    )
    and events.kind in ('check_in', 'share', 'review', 'task_action')

  union all

  select
    points_adjustments.customer_id,
    'adjust',
    points_adjustments.id,
    points_adjustments.adjusted_at,
    2,
    '',
    points_adjustments.id::text,
    null,
    case when points_adjustments.points < 0 then -points_adjustments.id end,
    null,
    points_adjustments.points,
    null,
    null,
    null,
    null,
    null
  from app.points_adjustments
  where points_adjustments.customer_id = any (engine_facts.customers)
    and (engine_facts.ids is null or (points_adjustments.id = any (engine_facts.ids)) is true)

  union all

  select
    points_extensions.customer_id,
    'extend',
    points_extensions.id,
    points_extensions.decided_at,
    2,
    'extend',
    points_extensions.id::text,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    null
  from app.points_extensions
  where points_extensions.customer_id = any (engine_facts.customers)
    and points_extensions.state = 'applied'
    and (engine_facts.ids is null or (points_extensions.id = any (engine_facts.ids)) is true)

  union all

  select
    tier_grades.customer_id,
    'grade',
    tier_grades.id,
    tier_grades.graded_at,
    2,
    'grade',
    tier_grades.id::text,
    null,
    null,
    null,
    null,
    null,
    null,
    null,
    tier_grades.tier_id,
    tier_grades.until_on
  from app.tier_grades
  where tier_grades.customer_id = any (engine_facts.customers)
    and (engine_facts.ids is null or (tier_grades.id = any (engine_facts.ids)) is true)

  union all

  select
    redemptions.customer_id,
    steps.fact_kind,
    redemptions.id,
    steps.occurred_at,
    steps.rank,
    redemptions.source,
    redemptions.external_id,
    null,
    redemptions.id,
    null,
    redemptions.points,
    null,
    null,
    null,
    null,
    null
  from app.redemptions
  cross join lateral (
    values
      ('reserve', redemptions.reserved_at, 3),
      ('confirm', redemptions.confirmed_at, 4),
      ('cancel', redemptions.cancelled_at, 5)
  ) as steps (fact_kind, occurred_at, rank)
  where (engine_facts.ids is not null or redemptions.customer_id = any (engine_facts.customers))
    and (
      engine_facts.ids is null
      or (redemptions.id = any (engine_facts.ids) and (redemptions.customer_id = any (engine_facts.customers)) is true)
    )
    and steps.occurred_at is not null

  union all

  select
    returns.customer_id,
    'return',
    returns.id,
    returns.returned_at,
    6,
    returns.source,
    returns.external_id,
    returns.order_id,
    null,
    returns.amount,
    null,
    null,
    null,
    null,
    null,
    null
  from app.returns
  where (engine_facts.ids is not null or returns.customer_id = any (engine_facts.customers))
    and (
      engine_facts.ids is null
      or (returns.id = any (engine_facts.ids) and (returns.customer_id = any (engine_facts.customers)) is true)
    )
    and returns.order_id is not null

  union all

  -- The order that a share has sold comes back.
  select distinct
    share_sales.customer_id,
    'unsold',
    returns.id,
    returns.returned_at,
    6,
    returns.source,
    returns.external_id,
    returns.order_id,
    null::bigint,
    null::numeric,
    null::bigint,
    null,
    null,
    null,
    null::bigint,
    null::date
  from app.share_sales
  inner join app.returns
    on returns.customer_id = share_sales.buyer_id
    and returns.order_id = share_sales.order_id
  where share_sales.customer_id = any (engine_facts.customers)
    and (engine_facts.ids is null or (returns.id = any (engine_facts.ids)) is true);
end;

comment on function ops.engine_facts(bigint[], bigint[]) is
  'Everything that happened with the customers which the engine works in, or only what has one of the ids (each kind has ids of its own). In order by occurred_at, rank, source, external_id, fact_id.';
