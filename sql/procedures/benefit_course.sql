create function ops.benefit_course(customer bigint, before_at timestamptz, before_key text, size integer)
returns table (
  kind text,
  rank text,
  id bigint,
  at timestamptz,
  resource text,
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

  granted as (
    select
      '12' as rank,
      benefit_grants.id,
      benefit_grants.granted_at as at,
      'benefit_grants' as resource,
      jsonb_build_object(
        'step', 'granted', 'package_id', benefit_grants.package_id, 'why', benefit_grants.reason, 'note', benefit_grants.note,
        'last_on', benefit_grants.period_until - 1, 'by', users.name
      ) as data
    from app.benefit_grants
    left join app.users
      on users.id = benefit_grants.granted_by
    where benefit_grants.customer_id = benefit_course.customer
  ),

  -- What was used of it is told by itself.
  taken as (
    select
      '13' as rank,
      benefit_grants.id,
      benefit_grants.ended_at as at,
      'benefit_grants' as resource,
      jsonb_build_object('step', 'ended', 'package_id', benefit_grants.package_id) as data
    from app.benefit_grants
    where benefit_grants.customer_id = benefit_course.customer
      and benefit_grants.ended_at is not null
  ),

  used as (
    select
      '14' as rank,
      benefit_uses.id,
      benefit_uses.used_at as at,
      'benefit_uses' as resource,
      jsonb_build_object(
        'step', 'used', 'benefit_id', benefit_uses.benefit_id, 'package_id', benefit_uses.package_id,
        'status', benefit_uses.status, 'note', benefit_uses.note
      ) as data
    from app.benefit_uses
    where benefit_uses.customer_id = benefit_course.customer
      and benefit_uses.used_at <= coalesce(before_at, 'infinity')
      and (before_at is null or (benefit_uses.used_at, '14' || lpad(benefit_uses.id::text, 18, '0') collate "C") < (before_at, before_key))
    order by benefit_uses.used_at desc, benefit_uses.id desc
    limit size
  ),

  returned_uses as (
    select
      '16' as rank,
      benefit_uses.id,
      benefit_uses.cancelled_at as at,
      'benefit_uses' as resource,
      jsonb_build_object(
        'step', 'given_back', 'benefit_id', benefit_uses.benefit_id, 'package_id', benefit_uses.package_id,
        'reason', benefit_uses.reason
      ) as data
    from app.benefit_uses
    where benefit_uses.customer_id = benefit_course.customer
      and benefit_uses.cancelled_at is not null
  ),

  -- What was left of periods when they ended, and was not taken along into the next: all of a day at once.
  lapsed as (
    select
      '03' as rank,
      min(benefit_quotas.id) as id,
      ends.on_day::timestamp at time zone (select zone.name from zone) as at,
      'benefit_quotas' as resource,
      jsonb_build_object(
        'step', 'expired',
        'lost', jsonb_agg(
          jsonb_build_object('benefit_id', benefit_quotas.benefit_id, 'uses', lost.uses) order by benefit_quotas.benefit_id
        )
      ) as data
    from app.benefit_quotas
    cross join lateral (select least(benefit_quotas.period_until, benefit_quotas.usable_until) as on_day) as ends
    left join app.benefit_grants as held
      on held.customer_id = benefit_quotas.customer_id
      and held.id = benefit_quotas.grant_id
    left join app.benefit_quotas as next
      on next.customer_id = benefit_quotas.customer_id
      and next.benefit_id = benefit_quotas.benefit_id
      and next.grant_id = benefit_quotas.grant_id
      and next.period_from = benefit_quotas.period_until
    cross join lateral (
      select
        benefit_quotas.quota + benefit_quotas.carried_over - benefit_quotas.used - benefit_quotas.reserved
        - coalesce(next.carried_over, 0) as uses
    ) as lost
    where benefit_quotas.customer_id = benefit_course.customer
      and ends.on_day <= (select programme.today_on from base.programme)
      and lost.uses > 0
      -- What was taken back did not lapse.
      and (held.ended_at is null or ends.on_day < (held.ended_at at time zone (select zone.name from zone))::date)
    group by ends.on_day
  ),

  every as (
    select * from granted
    union all
    select * from taken
    union all
    select * from used
    union all
    select * from returned_uses
    union all
    select * from lapsed
  )

  select
    'benefit',
    every.rank,
    every.id,
    every.at,
    every.resource,
    every.data
  from every;
end;

comment on function ops.benefit_course(bigint, timestamptz, text, integer) is
  'What became of a customer''s benefits: packages granted and taken back, uses, uses given back, what lapsed. One row per thing that happened.';
