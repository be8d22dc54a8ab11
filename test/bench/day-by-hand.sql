-- A midnight by hand and in one statement: points whose time is over expire, tiers whose validity is over go one step down
-- unless the spend of 365 days keeps them, and the sums of the accounts follow.
with due as materialized (
  select
    points_lots.customer_id,
    points_lots.origin_kind,
    points_lots.origin_id,
    points_lots.rule_id,
    points_lots.account,
    points_lots.available as points,
    points_lots.expires_at
  from app.points_lots
  where points_lots.book_id = 0
    and points_lots.available > 0
    and points_lots.expires_at <= current_setting('bench.until')::timestamptz
),

lapsed as (
  update app.points_lots
  set
    available = 0,
    expired = points_lots.expired + due.points
  from due
  where points_lots.book_id = 0
    and points_lots.customer_id = due.customer_id
    and points_lots.origin_kind = due.origin_kind
    and points_lots.origin_id = due.origin_id
    and points_lots.rule_id = due.rule_id
),

entries as (
  insert into app.points_entries (
    customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at
  )
  select
    due.customer_id,
    'expire',
    due.origin_kind,
    due.origin_id,
    due.rule_id,
    due.account,
    'available',
    'expired',
    due.points,
    due.origin_kind,
    due.origin_id,
    due.expires_at
  from due
),

ended as (
  select
    tier_states.customer_id,
    tier_states.tier_id,
    tier_states.due_at,
    own.rank,
    coalesce(bought.amount, 0) >= own.retain_at as keeps
  from app.tier_states
  inner join app.tiers as own
    on own.id = tier_states.tier_id
  left join lateral (
    select sum(orders.amount - orders.returned_amount) as amount
    from app.orders
    where orders.customer_id = tier_states.customer_id
      and orders.status in ('paid', 'completed')
      and orders.placed_at > tier_states.due_at - interval '365 days'
  ) as bought
    on true
  where tier_states.book_id = 0
    and tier_states.due_at <= current_setting('bench.until')::timestamptz
),

judged as materialized (
  select
    ended.customer_id,
    ended.tier_id,
    ended.due_at,
    ended.keeps,
    case when ended.keeps then ended.tier_id else lower.id end as new_tier_id
  from ended
  left join app.tiers as lower
    on lower.rank = ended.rank - 1
),

states as (
  update app.tier_states
  set
    tier_id = judged.new_tier_id,
    valid_until_at = judged.due_at + interval '1 year',
    reviewed_at = judged.due_at,
    due_at = judged.due_at + interval '1 year'
  from judged
  where tier_states.book_id = 0
    and tier_states.customer_id = judged.customer_id
),

left_stays as (
  update app.tier_stays
  set left_at = judged.due_at
  from judged
  where tier_stays.book_id = 0
    and tier_stays.customer_id = judged.customer_id
    and tier_stays.left_at is null
    and not judged.keeps
),

stays as (
  insert into app.tier_stays (customer_id, tier_id, entered_at, reason, fact_kind, fact_id)
  select
    judged.customer_id,
    judged.new_tier_id,
    judged.due_at,
    'downgrade',
    'day',
    0
  from judged
  where not judged.keeps
    and judged.new_tier_id is not null
),

changes as (
  insert into app.tier_changes (customer_id, from_tier_id, to_tier_id, changed_at, reason, fact_kind, fact_id)
  select
    judged.customer_id,
    judged.tier_id,
    judged.new_tier_id,
    judged.due_at,
    'downgrade',
    'day',
    0
  from judged
  where not judged.keeps
    and judged.new_tier_id is not null
),

gone as (
  select
    due.customer_id,
    sum(due.points) as points
  from due
  group by due.customer_id
)

update app.points_accounts
set
  available = points_accounts.available - coalesce(gone.points, 0),
  expired = points_accounts.expired + coalesce(gone.points, 0),
  settled_at = current_setting('bench.until')::timestamptz,
  due_at = (
    select min(points_lots.expires_at)
    from app.points_lots
    where points_lots.book_id = 0
      and points_lots.customer_id = points_accounts.customer_id
      and points_lots.available > 0
      and points_lots.expires_at > current_setting('bench.until')::timestamptz
  )
from (
  select points_accounts.customer_id
  from app.points_accounts
  where points_accounts.book_id = 0
    and points_accounts.due_at <= current_setting('bench.until')::timestamptz
) as asked
left join gone
  on gone.customer_id = asked.customer_id
where points_accounts.book_id = 0
  and points_accounts.customer_id = asked.customer_id;
