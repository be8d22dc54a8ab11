-- A little for coming by, more for a review, most for a share that brings somebody's order.
insert into app.earn_rules (code, name, name_en, status, account, trigger, effect, points, condition, max_per_day, description)
values
  ('check_in', '每日签到', 'Daily check-in', 'active', 'points', 'check_in', 'fixed', 5, null, 5, '每天首次签到得 5 积分'),
  ('review', '商品评价', 'Review', 'active', 'points', 'review', 'fixed', 20, null, 100, '每条评价得 20 积分，每天最多 100'),
  ('share_sold', '分享成交', 'Share that sells', 'active', 'points', 'share', 'fixed', 50,
    '{"sold": {"eq": true}}', null, '分享带来他人的订单，得 50 积分')
on conflict do nothing;

insert into app.programme_versions (resource, record_id, effective_from_at, body)
select
  'earn_rules',
  earn_rules.id,
  coalesce(settings.started_on::timestamp at time zone settings.time_zone, now()),
  to_jsonb(earn_rules) - array['description', 'created_at', 'updated_at', 'version', 'extras']
from app.earn_rules
cross join app.settings
where earn_rules.code in ('check_in', 'review', 'share_sold')
  and not exists (
    select
    from app.programme_versions
    where programme_versions.resource = 'earn_rules'
      and programme_versions.record_id = earn_rules.id
  );

-- Months to come have their partitions from the first day on.
select ops.make_event_partitions(current_date);
