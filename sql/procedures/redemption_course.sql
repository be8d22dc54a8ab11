create function ops.redemption_course(customer bigint, before_at timestamptz, before_key text, size integer)
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
  with redeeming as (
    (
      select
        'reserve' as step,
        '30' as rank,
        redemptions.id,
        redemptions.reserved_at as at
      from app.redemptions
      where redemptions.customer_id = redemption_course.customer
        and redemptions.reserved_at is not null
        and redemptions.reserved_at <= coalesce(before_at, 'infinity')
        and (
          before_at is null
          or (redemptions.reserved_at, '30' || lpad(redemptions.id::text, 18, '0') collate "C") < (before_at, before_key)
        )
      order by redemptions.reserved_at desc, redemptions.id desc
      limit size
    )
    union all
    (
      select
        'confirm' as step,
        '40' as rank,
        redemptions.id,
        redemptions.confirmed_at as at
      from app.redemptions
      where redemptions.customer_id = redemption_course.customer
        and redemptions.confirmed_at is not null
        and redemptions.confirmed_at <= coalesce(before_at, 'infinity')
        and (
          before_at is null
          or (redemptions.confirmed_at, '40' || lpad(redemptions.id::text, 18, '0') collate "C") < (before_at, before_key)
        )
      order by redemptions.confirmed_at desc, redemptions.id desc
      limit size
    )
    union all
    (
      select
        'cancel' as step,
        '50' as rank,
        redemptions.id,
        redemptions.cancelled_at as at
      from app.redemptions
      where redemptions.customer_id = redemption_course.customer
        and redemptions.cancelled_at is not null
        and redemptions.cancelled_at <= coalesce(before_at, 'infinity')
        and (
          before_at is null
          or (redemptions.cancelled_at, '50' || lpad(redemptions.id::text, 18, '0') collate "C") < (before_at, before_key)
        )
      order by redemptions.cancelled_at desc, redemptions.id desc
      limit size
    )
  ),

  redeemed as (
    select
      redeeming.rank,
      redeeming.id,
      redeeming.at,
      'redemptions' as resource,
      jsonb_build_object(
        'step', redeeming.step, 'points', redemptions.points, 'purpose', redemptions.purpose,
        'external_id', redemptions.external_id, 'reason', case when redeeming.step = 'cancel' then redemptions.reason end
      ) as data
    from redeeming
    inner join app.redemptions
      on redemptions.customer_id = redemption_course.customer
      and redemptions.id = redeeming.id
  )

  select
    'redemption',
    redeemed.rank,
    redeemed.id,
    redeemed.at,
    redeemed.resource,
    redeemed.data
  from redeemed;
end;

comment on function ops.redemption_course(bigint, timestamptz, text, integer) is
  'Redemptions of a customer as they were reserved, confirmed and cancelled. One row per step.';
