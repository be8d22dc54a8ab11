-- every: * * * * *
-- label: 到期提醒消息 | Messages that remind
-- What was noted becomes messages, by the templates that the settings (or those of a coupon) name; what nobody is reminded of stays noted.
create function ops.send_reminders(as_of date)
returns bigint
language plpgsql
volatile
as $$
declare
  held constant app.settings := (select settings from app.settings);
  today constant date := (now() at time zone held.time_zone)::date;
  told bigint := 0;
  batch record;
begin
  for batch in
    with points as (
      update app.points_reminders
      set sent_at = now()
      where held.points_reminder_id is not null
        and points_reminders.sent_at is null
        and points_reminders.remind_on >= today - 2
        and points_reminders.expires_on >= today
      returning points_reminders.*
    ),

    benefits_due as (
      update app.benefit_reminders
      set sent_at = now()
      where held.benefit_reminder_id is not null
        and benefit_reminders.sent_at is null
        and benefit_reminders.noted_on >= today - 2
        and benefit_reminders.last_on >= today
      returning benefit_reminders.*
    ),

    -- By what the template of the coupon names, or by the programme's.
    coupons_noted as (
      update app.coupon_reminders
      set sent_at = now()
      from app.coupons
      inner join app.coupon_templates
        on coupon_templates.id = coupons.template_id
      where coupons.customer_id = coupon_reminders.customer_id
        and coupons.id = coupon_reminders.coupon_id
        and coalesce(coupon_templates.reminder_id, held.coupon_reminder_id) is not null
        and coupon_reminders.sent_at is null
        and coupon_reminders.noted_at > now() - interval '2 days'
        and coupon_reminders.valid_until_at > now()
      returning
        coupon_reminders.*,
        coalesce(coupon_templates.reminder_id, held.coupon_reminder_id) as reminder_id,
        coupons.status,
        coupons.code,
        coupon_templates.name,
        coupon_templates.name_en
    ),

    -- What was used meanwhile needs no reminder.
    coupons_due as (
      select *
      from coupons_noted
      where coupons_noted.status = 'claimed'
    ),

    reminders as (
      select
        held.points_reminder_id as template_id,
        null::text[] as channels,
        'reminder:points' as source,
        points.customer_id,
        points.customer_id || ':' || points.expires_on || ':' || points.days_before as external_id,
        jsonb_build_object(
          'expiring_points', points.points, 'last_on', points.expires_on, 'days_left', points.expires_on - today
        ) as variables
      from points

      union all

      select
        held.benefit_reminder_id,
        nullif(benefits_due.channels, '{}'),
        'reminder:benefit',
        benefits_due.customer_id,
        benefits_due.id::text,
        jsonb_build_object(
          'benefit', coalesce(benefits.name, benefit_packages.name),
          'benefit_en', coalesce(benefits.name_en, benefit_packages.name_en),
          'left_uses', benefits_due.left_uses,
          'last_on', benefits_due.last_on
        )
      from benefits_due
      left join app.benefits
        on benefits.id = benefits_due.benefit_id
      left join app.benefit_packages
        on benefit_packages.id = benefits_due.package_id

      union all

      select
        coupons_due.reminder_id,
        nullif(coupons_due.channels, '{}'),
        'reminder:coupon',
        coupons_due.customer_id,
        coupons_due.coupon_id || ':' || extract(epoch from coupons_due.valid_until_at)::bigint,
        jsonb_build_object(
          'coupon', coupons_due.name,
          'coupon_en', coupons_due.name_en,
          'code', coupons_due.code,
          'ends_at', to_char((coupons_due.valid_until_at - interval '1 second') at time zone held.time_zone, 'YYYY-MM-DD HH24:MI')
        )
      from coupons_due
    )

    select
      reminders.template_id,
      reminders.channels,
      reminders.source,
      array_agg(reminders.customer_id order by reminders.customer_id, reminders.external_id) as customers,
      array_agg(reminders.external_id order by reminders.customer_id, reminders.external_id) as external_ids,
      array_agg(reminders.variables order by reminders.customer_id, reminders.external_id) as variables
    from reminders
    group by reminders.template_id, reminders.channels, reminders.source
  loop
    told := told + (
      select count(*)
      from ops.queue_messages(
        batch.template_id, batch.customers, batch.source, batch.external_ids, batch.variables, now(), batch.channels
      )
    );
  end loop;
  return told;
end;
$$;

comment on function ops.send_reminders(date) is
  'Queues messages for what was noted to remind of: points, benefits, coupons; once each. Returns how many messages.';
