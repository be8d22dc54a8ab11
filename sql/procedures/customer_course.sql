-- Of each kind no more than what the page can hold, by the customer's own part of the key; how each came about is looked up
-- afterwards, for the page alone (ops.customer_timeline).
create function ops.customer_course(customer bigint, kinds text[], before_at timestamptz, before_key text, size integer)
returns table (
  kind text,
  key text,
  at timestamptz,
  resource text,
  record_id bigint,
  data jsonb
)
language sql
stable
begin atomic
  with zone as (
    select settings.time_zone as name
    from app.settings
    limit 1
  ),

  enrolled as (
    select
      'sign_up' as kind,
      '00' as rank,
      customers.id,
      customers.enrolled_at as at,
      'customers' as resource,
      jsonb_build_object('channel', customers.channel) as data
    from app.customers
    where customers.id = customer_course.customer
      and 'sign_up' = any (customer_course.kinds)
      and customers.status <> 'anonymous'
  ),

  bought as (
    select
      'order' as kind,
      '10' as rank,
      orders.id,
      coalesce(orders.paid_at, orders.placed_at) as at,
      'orders' as resource,
      jsonb_build_object(
        'external_id', orders.external_id, 'amount', orders.amount::text, 'channel', orders.channel, 'status', orders.status
      ) as data
    from app.orders
    where orders.customer_id = customer_course.customer
      and 'order' = any (customer_course.kinds)
      and coalesce((coalesce(orders.paid_at, orders.placed_at), '10' || lpad(orders.id::text, 18, '0') collate "C") < (before_at, before_key), true)
    order by coalesce(orders.paid_at, orders.placed_at) desc, orders.id desc
    limit size
  ),

  returned as (
    select
      'return' as kind,
      '60' as rank,
      returns.id,
      returns.returned_at as at,
      'returns' as resource,
      jsonb_build_object(
        'external_id', returns.external_id, 'order_external_id', coalesce(orders.external_id, returns.order_external_id),
        'amount', returns.amount::text, 'reason', returns.reason, 'waiting', returns.order_id is null
      ) as data
    from app.returns
    left join app.orders
      on orders.customer_id = returns.customer_id
      and orders.id = returns.order_id
    where returns.customer_id = customer_course.customer
      and 'return' = any (customer_course.kinds)
      and coalesce((returns.returned_at, '60' || lpad(returns.id::text, 18, '0') collate "C") < (before_at, before_key), true)
    order by returns.returned_at desc, returns.id desc
    limit size
  ),

  redeemed as (
    select
      'redemption' as kind,
      steps.rank,
      redemptions.id,
      steps.at,
      'redemptions' as resource,
      jsonb_build_object(
        'step', steps.name, 'points', redemptions.points, 'purpose', redemptions.purpose, 'external_id', redemptions.external_id,
        'reason', case when steps.name = 'cancel' then redemptions.reason end
      ) as data
    from app.redemptions
    cross join lateral (
      values
        ('reserve', '30', redemptions.reserved_at),
        ('confirm', '40', redemptions.confirmed_at),
        ('cancel', '50', redemptions.cancelled_at)
    ) as steps (name, rank, at)
    where redemptions.customer_id = customer_course.customer
      and 'redemption' = any (customer_course.kinds)
      and steps.at is not null
      and coalesce((steps.at, steps.rank || lpad(redemptions.id::text, 18, '0') collate "C") < (before_at, before_key), true)
    order by steps.at desc, steps.rank desc, redemptions.id desc
    limit size
  ),

  adjusted as (
    select
      'adjustment' as kind,
      '20' as rank,
      points_adjustments.id,
      points_adjustments.adjusted_at as at,
      'points_entries' as resource,
      jsonb_build_object('points', points_adjustments.points, 'reason', points_adjustments.reason, 'by', users.name) as data
    from app.points_adjustments
    left join app.users
      on users.id = points_adjustments.adjusted_by
    where points_adjustments.customer_id = customer_course.customer
      and 'adjustment' = any (customer_course.kinds)
  ),

  -- What time alone does with points: they become available, they expire.
  timed as (
    select
      'points' as kind,
      '05' as rank,
      case points_entries.kind when 'activate' then 1 else 2 end as id,
      points_entries.occurred_at as at,
      'points_entries' as resource,
      jsonb_build_object(
        'what', points_entries.kind,
        'points', sum(
          case
            when points_entries.to_state = case points_entries.kind when 'activate' then 'available' else 'expired' end
              then points_entries.points
            else -points_entries.points
          end
        ),
        'lots', count(distinct (points_entries.origin_kind, points_entries.origin_id, points_entries.rule_id))
      ) as data
    from app.points_entries
    where points_entries.book_id = 0
      and points_entries.customer_id = customer_course.customer
      and points_entries.account = 'points'
      and points_entries.kind in ('activate', 'expire')
      and 'points' = any (customer_course.kinds)
      and coalesce(points_entries.occurred_at <= before_at, true)
    group by points_entries.kind, points_entries.occurred_at
    having sum(
      case
        when points_entries.to_state = case points_entries.kind when 'activate' then 'available' else 'expired' end
          then points_entries.points
        else -points_entries.points
      end
    ) <> 0
    order by points_entries.occurred_at desc
    -- Two at one moment at most, one of which may be on the page before.
    limit size + 2
  ),

  tiered as (
    select
      'tier' as kind,
      '80' as rank,
      tier_changes.id,
      tier_changes.changed_at as at,
      'tier_stays' as resource,
      jsonb_build_object(
        'from_tier_id', tier_changes.from_tier_id, 'to_tier_id', tier_changes.to_tier_id, 'reason', tier_changes.reason,
        'fact_kind', tier_changes.fact_kind, 'fact_id', tier_changes.fact_id, 'recorded_at', tier_changes.recorded_at
      ) as data
    from app.tier_changes
    where tier_changes.customer_id = customer_course.customer
      and 'tier' = any (customer_course.kinds)
  ),

  -- Where somebody comes to another segment; not the first day of all, on which everybody enters one.
  moved as (
    select
      'segment' as kind,
      '02' as rank,
      memberships.rule_set_id as id,
      memberships.entered_on::timestamp at time zone (select zone.name from zone) as at,
      'segments' as resource,
      jsonb_build_object(
        'rule_set_id', memberships.rule_set_id, 'segment_code', memberships.segment_code, 'from_code', memberships.before_code
      ) as data
    from (
      select
        segment_memberships.*,
        lag(segment_memberships.segment_code) over (
          partition by segment_memberships.rule_set_id
          order by segment_memberships.entered_on
        ) as before_code
      from app.segment_memberships
      where segment_memberships.customer_id = customer_course.customer
        and 'segment' = any (customer_course.kinds)
    ) as memberships
  ),

  edited as (
    select
      'staff' as kind,
      '90' as rank,
      audit_entries.id,
      audit_entries.at,
      'customers' as resource,
      jsonb_build_object(
        'action', audit_entries.action, 'by', audit_entries.actor, 'reason', audit_entries.reason,
        'fields', array(select jsonb_object_keys(coalesce(audit_entries.after, audit_entries.before)))
      ) as data
    from app.audit_entries
    where audit_entries.resource = 'customers'
      and audit_entries.record_id = customer_course.customer
      -- What actions do is told as what it is.
      and audit_entries.action in ('create', 'update', 'delete', 'restore', 'import')
      and 'staff' = any (customer_course.kinds)
    order by audit_entries.id desc
    limit 500
  ),

  prolonged as (
    select
      'extension' as kind,
      steps.rank,
      points_extensions.id,
      steps.at,
      'points_extensions' as resource,
      jsonb_build_object(
        'step', steps.name, 'points', points_extensions.points, 'until_on', points_extensions.until_on,
        'reason', points_extensions.reason, 'note', case when steps.name <> 'asked' then points_extensions.decision_note end,
        'by', users.name
      ) as data
    from app.points_extensions
    cross join lateral (
      values
        ('asked', '24', points_extensions.asked_at, points_extensions.asked_by),
        (points_extensions.state, '25', points_extensions.decided_at, points_extensions.decided_by)
    ) as steps (name, rank, at, user_id)
    left join app.users
      on users.id = steps.user_id
    where points_extensions.customer_id = customer_course.customer
      and 'extension' = any (customer_course.kinds)
      and steps.at is not null
  ),

  every as (
    select * from enrolled
    union all
    select * from bought
    union all
    select * from returned
    union all
    select * from redeemed
    union all
    select * from adjusted
    union all
    select * from timed
    union all
    select * from tiered
    union all
    select * from moved
    union all
    select * from prolonged
    union all
    select * from edited
  ),

  keyed as (
    select
      every.kind,
      every.rank || lpad(every.id::text, 18, '0') as key,
      every.at,
      every.resource,
      every.id,
      every.data
    from every
  )

  select
    keyed.kind,
    keyed.key,
    keyed.at,
    keyed.resource,
    keyed.id,
    keyed.data
  from keyed
  where before_at is null
    or (keyed.at, keyed.key collate "C") < (before_at, before_key)
  order by keyed.at desc, keyed.key collate "C" desc
  limit size;
end;

comment on function ops.customer_course(bigint, text[], timestamptz, text, integer) is
  'What happened with a customer, of the kinds named, the latest first: so many before the moment and key given.
One row per thing that happened; at one moment what led to the other has the smaller key.';
