create function ops.points_to_extend(customer bigint, expiring_until_on date, until_on date, at timestamptz)
returns bigint
language sql
stable
begin atomic
  select coalesce(sum(points_lots.pending + points_lots.available + points_lots.reserved + points_lots.expired), 0)::bigint
  from app.points_lots
  cross join app.settings
  left join app.points_policies
    on points_policies.id = 1
  where points_lots.book_id = 0
    and points_lots.customer_id = points_to_extend.customer
    and points_lots.account = 'points'
    and points_lots.expires_at <= (points_to_extend.expiring_until_on + 1)::timestamp at time zone settings.time_zone
    and points_lots.expires_at < (points_to_extend.until_on + 1)::timestamp at time zone settings.time_zone
    and points_lots.expires_at > points_to_extend.at - case
      when points_lots.expired > 0 then make_interval(days => points_policies.reinstate_days)
      else interval '0'
    end;
end;

comment on function ops.points_to_extend(bigint, date, date, timestamptz) is
  'How many points of a customer an extension at that moment would concern: what expires by the day named, and what expired not longer ago than the policy brings back.';
