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
      and coalesce(orders.paid_at, orders.placed_at) <= coalesce(before_at, 'infinity')
      and (before_at is null or (coalesce(orders.paid_at, orders.placed_at), '10' || lpad(orders.id::text, 18, '0') collate "C") < (before_at, before_key))
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
      and returns.returned_at <= coalesce(before_at, 'infinity')
      and (before_at is null or (returns.returned_at, '60' || lpad(returns.id::text, 18, '0') collate "C") < (before_at, before_key))
    order by returns.returned_at desc, returns.id desc
    limit size
  ),

  -- What they do beside buying: what can earn, and what they had to do with campaigns.
  done as (
    select
      case when events.kind in ('check_in', 'share', 'review', 'task_action') then 'event' else 'campaign' end as kind,
      '22' as rank,
      events.id,
      events.occurred_at as at,
      'events' as resource,
      jsonb_build_object(
        'event', events.kind, 'campaign_code', events.campaign_code, 'rating', events.rating, 'task_code', events.task_code,
        'channel', events.channel, 'subject', events.subject, 'order_id', events.order_id, 'product_id', events.product_id,
        'occurred_on', events.occurred_on
      ) as data
    from app.events
    where events.customer_id = customer_course.customer
      and (events.kind in ('check_in', 'share', 'review', 'task_action') or events.campaign_code is not null)
      and case
        when events.kind in ('check_in', 'share', 'review', 'task_action') then 'event'
        else 'campaign'
      end = any (customer_course.kinds)
      and customer_course.kinds && array['event', 'campaign']
      and events.occurred_at <= coalesce(before_at, 'infinity')
      and (before_at is null or (events.occurred_at, '22' || lpad(events.id::text, 18, '0') collate "C") < (before_at, before_key))
    order by events.occurred_at desc, events.id desc
    limit size
  ),

  -- The order that a share of theirs had sold came back.
  unsold as (
    select distinct
      'event' as kind,
      '61' as rank,
      returns.id,
      returns.returned_at as at,
      'events' as resource,
      jsonb_build_object('event', 'unsold') as data
    from app.share_sales
    inner join app.returns
      on returns.customer_id = share_sales.buyer_id
      and returns.order_id = share_sales.order_id
    where share_sales.customer_id = customer_course.customer
      and 'event' = any (customer_course.kinds)
  ),

  adjusted as (
    select
      'adjustment' as kind,
      '20' as rank,
      points_adjustments.id,
      points_adjustments.adjusted_at as at,
      'points_entries' as resource,
      jsonb_build_object(
        'points', points_adjustments.points, 'reason', points_adjustments.reason, 'by', users.name,
        'automated', exists (
          select
          from app.automation_steps
          where automation_steps.customer_id = points_adjustments.customer_id
            and automation_steps.kind = 'points'
            and automation_steps.made_id = points_adjustments.id
        )
      ) as data
    from app.points_adjustments
    left join app.users
      on users.id = points_adjustments.adjusted_by
    where points_adjustments.customer_id = customer_course.customer
      and 'adjustment' = any (customer_course.kinds)
      and points_adjustments.adjusted_at <= coalesce(before_at, 'infinity')
      and (before_at is null or (points_adjustments.adjusted_at, '20' || lpad(points_adjustments.id::text, 18, '0') collate "C") < (before_at, before_key))
    order by points_adjustments.adjusted_at desc, points_adjustments.id desc
    limit size
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
      and points_entries.occurred_at <= coalesce(before_at, 'infinity')
    group by points_entries.occurred_at, points_entries.kind
    having sum(
      case
        when points_entries.to_state = case points_entries.kind when 'activate' then 'available' else 'expired' end
          then points_entries.points
        else -points_entries.points
      end
    ) <> 0
    order by points_entries.occurred_at desc, points_entries.kind desc
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
        'action', case
          when audit_entries.action <> 'action' then audit_entries.action
          when audit_entries.after ? 'merged_into_id' then 'merged'
          else substring(audit_entries.reason from '^[a-z_]+')
        end,
        'by', audit_entries.actor,
        'reason', case audit_entries.action
          when 'action' then nullif(regexp_replace(audit_entries.reason, '^[a-z_]+:? ?', ''), '')
          else audit_entries.reason
        end,
        'fields', array(select jsonb_object_keys(coalesce(audit_entries.after, audit_entries.before)))
      ) as data
    from app.audit_entries
    where audit_entries.resource = 'customers'
      and audit_entries.record_id = customer_course.customer
      -- What actions do is told as what it is.
      and (
        audit_entries.action in ('create', 'update', 'delete', 'restore', 'import')
        or (audit_entries.action = 'action' and audit_entries.reason ~ '^(merge_duplicate|anonymise)(:|$)')
      )
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

  written as (
    select
      'message' as kind,
      '26' as rank,
      messages.id,
      messages.queued_at as at,
      'messages' as resource,
      jsonb_build_object(
        'channel', messages.channel, 'state', messages.state, 'reason', messages.reason, 'clicks', messages.clicks,
        'template', jsonb_build_array(message_templates.name, message_templates.name_en)
      ) as data
    from (
      select messages.*
      from app.messages
      where messages.customer_id = customer_course.customer
        and 'message' = any (customer_course.kinds)
        and not messages.test
        and (before_at is null or messages.queued_at <= before_at)
      order by messages.queued_at desc, messages.id desc
      limit size + 1
    ) as messages
    inner join app.message_templates
      on message_templates.id = messages.template_id
  ),

  every as (
    select * from enrolled
    union all
    select * from bought
    union all
    select * from returned
    union all
    select * from done
    union all
    select * from unsold
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
    select
      coupons.kind,
      coupons.rank,
      coupons.id,
      coupons.at,
      coupons.resource,
      coupons.data
    from ops.coupon_course(customer_course.customer, before_at, before_key, size) as coupons
    where 'coupon' = any (customer_course.kinds)
    union all
    select
      benefits.kind,
      benefits.rank,
      benefits.id,
      benefits.at,
      benefits.resource,
      benefits.data
    from ops.benefit_course(customer_course.customer, before_at, before_key, size) as benefits
    where 'benefit' = any (customer_course.kinds)
    union all
    select
      tasks.kind,
      tasks.rank,
      tasks.id,
      tasks.at,
      tasks.resource,
      tasks.data
    from ops.task_course(customer_course.customer, before_at, before_key, size) as tasks
    where 'task' = any (customer_course.kinds)
    union all
    select
      redemptions.kind,
      redemptions.rank,
      redemptions.id,
      redemptions.at,
      redemptions.resource,
      redemptions.data
    from ops.redemption_course(customer_course.customer, before_at, before_key, size) as redemptions
    where 'redemption' = any (customer_course.kinds)
    union all
    select
      automations.kind,
      automations.rank,
      automations.id,
      automations.at,
      automations.resource,
      automations.data
    from ops.automation_course(customer_course.customer, before_at, before_key, size) as automations
    where 'automation' = any (customer_course.kinds)
    union all
    select * from edited
    union all
    select * from written
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
